/** Envoy's matchers (type.matcher.v3) as plain data. */

/** A regex as written (RE2) and as the engine runs it: a JavaScript pattern that matches the whole input. */
export interface RegexMatcher {
  regex: string;
  source: string;
  flags: string;
  /** RE2 does not compile it, or it is a path template that is none: Envoy refuses what it stands in. */
  isBroken?: true | "template";
}

export type StringMatcher =
  | { type: "exact"; value: string; ignoreCase?: boolean }
  | { type: "prefix"; value: string; ignoreCase?: boolean }
  | { type: "suffix"; value: string; ignoreCase?: boolean }
  | { type: "contains"; value: string; ignoreCase?: boolean }
  | { type: "regex"; value: RegexMatcher };

/** config.route.v3.HeaderMatcher; pseudo headers (":method", ":authority", ":scheme") are allowed names. */
export interface HeaderMatcher {
  name: string;
  /** Absent: the header must be present (or, inverted, absent). */
  value?: StringMatcher;
  range?: { start: number; end: number };
  invert: boolean;
  treatMissingAsEmpty?: boolean;
}

export interface QueryParameterMatcher {
  name: string;
  /** Absent: the parameter must be present. */
  value?: StringMatcher;
  /** present_match: false: it must not be. */
  isAbsent?: true;
}

/** config.route.v3.CookieMatcher: the first cookie of that name. Inverted it also takes a request without one. */
export interface CookieMatcher {
  name: string;
  value: StringMatcher;
  invert: boolean;
}

/** The path part of config.route.v3.RouteMatch. `prefix` is textual, `pathSeparatedPrefix` ends at "/" boundaries. */
export type PathMatcher =
  | { type: "exact"; value: string; ignoreCase: boolean }
  | { type: "prefix"; value: string; ignoreCase: boolean }
  | { type: "pathSeparatedPrefix"; value: string; ignoreCase: boolean }
  | { type: "regex"; value: RegexMatcher };

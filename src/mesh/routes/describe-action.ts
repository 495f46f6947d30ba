/** Redirects and rewrites as a reader wants them: what was configured, and what this very request becomes. */
import { type ForwardAction, type PathMatcher, type RedirectAction, type RequestShape, redirectLocation } from "#engine";

export function describeRedirect(action: RedirectAction, shape: RequestShape, matched: PathMatcher): Record<string, unknown> {
  const { type: _type, ...written } = action;
  return { ...written, location: redirectLocation(action, shape, matched) };
}

export function describeRewrite(rewrite: NonNullable<ForwardAction["rewrite"]>): Record<string, unknown> {
  return {
    ...(rewrite.host === undefined ? {} : { host: rewrite.host }),
    ...(rewrite.prefix === undefined ? {} : { prefix: rewrite.prefix }),
    ...(rewrite.path === undefined ? {} : { path: rewrite.path }),
    ...(rewrite.regex ? { regex: { pattern: rewrite.regex.pattern.regex, substitution: rewrite.regex.substitution } } : {}),
  };
}

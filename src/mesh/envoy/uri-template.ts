/** Path templates of envoy.path.match.uri_template: what Envoy 1.40 takes of them, and what they match. */

const literal = "[\\w.~%!$&'()+,;:@=*-]";
/** What stands between two slashes: a glob, a variable with text around it, or text. */
const segment = new RegExp(`^(?:(\\*\\*?)|(?!\\*)(?:${literal}*\\{([^}]*)\\}${literal}*|${literal}+))(?=/|$)`);
/** A glob with text behind it, which ends the template. */
const suffixed = new RegExp(`^\\*\\*?${literal}+$`);
const variable = new RegExp(`^([a-zA-Z]\\w{0,15})(?:=((?:\\*\\*?|(?!\\*)${literal}+)(?:/(?:\\*\\*?|(?!\\*)${literal}+))*))?$`);
const mostVariables = 5;

/** Whether Envoy refuses it (in a route) or does not start with it (in RBAC). */
export function isBrokenTemplate(template: string): boolean {
  if (!template.startsWith("/") || /[^!-~]/.test(template)) return true;
  const names = new Set<string>();
  /** Behind "**" no glob may come. */
  let isClosed = false;
  for (let rest = template.slice(1); rest !== ""; ) {
    const [found, glob, braces] = segment.exec(rest) ?? [undefined];
    if (found === undefined) return !suffixed.test(rest) || isClosed;
    const [, name, match = "*"] = braces === undefined ? [] : (variable.exec(braces) ?? []);
    if (braces !== undefined) {
      if (name === undefined || names.has(name) || names.size === mostVariables) return true;
      names.add(name);
    }
    const globs =
      glob === undefined ? (braces === undefined ? [] : match.split("/").filter((one) => /^\*\*?$/.test(one))) : [glob];
    for (const one of globs) {
      if (isClosed) return true;
      isClosed = one === "**";
    }
    rest = rest.slice(found.length);
    if (rest === "/") return false;
    rest = rest.slice(1);
  }
  return false;
}

/** As a regular expression: "{name}" and "*" are one segment, "{name=**}" and "**" any number. */
export function templateRegex(template: string): string {
  const piece = /\{[^}=]*(?:=([^}]+))?\}|\*\*|\*|[^{*]+/g;
  return template.replace(piece, (found, pattern: string | undefined) => {
    if (found.startsWith("{")) return pattern === undefined ? "[^/]+" : templateRegex(pattern);
    if (found === "**") return ".*";
    return found === "*" ? "[^/]+" : found.replace(/[.+?^$()|[\]\\]/g, "\\$&");
  });
}

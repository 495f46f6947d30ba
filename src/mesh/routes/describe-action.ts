/** Redirects and rewrites as a reader wants them: what was configured, and what this very request becomes. */
import type { ForwardAction, RedirectAction, RequestShape } from "#engine";

export function describeRedirect(action: RedirectAction, shape: RequestShape): Record<string, unknown> {
  const { type: _type, ...written } = action;
  return { ...written, location: locationOf(action, shape) };
}

function locationOf(action: RedirectAction, shape: RequestShape): string {
  const scheme = action.scheme ?? shape.scheme;
  const given = action.host ?? shape.host;
  const samePort = action.host === undefined && action.scheme === undefined && action.port === undefined;
  const port = action.port ?? (samePort ? shape.port : undefined);
  const hidden = port === undefined || (scheme === "http" && port === 80) || (scheme === "https" && port === 443);
  const query = action.stripQuery ? "" : shape.path.slice(shape.pathOnly.length);
  const path = action.path ? action.path : action.prefixRewrite === undefined ? shape.pathOnly : action.prefixRewrite;
  return `${scheme}://${given}${hidden ? "" : `:${port}`}${path}${(action.path ?? "").includes("?") ? "" : query}`;
}

export function describeRewrite(rewrite: NonNullable<ForwardAction["rewrite"]>, _shape: RequestShape): Record<string, unknown> {
  return {
    ...(rewrite.host === undefined ? {} : { host: rewrite.host }),
    ...(rewrite.prefix === undefined ? {} : { prefix: rewrite.prefix }),
    ...(rewrite.path === undefined ? {} : { path: rewrite.path }),
    ...(rewrite.regex ? { regex: { pattern: rewrite.regex.pattern.regex, substitution: rewrite.regex.substitution } } : {}),
  };
}

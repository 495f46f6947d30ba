/** Trust domains: a principal written for one of the mesh's names holds for all of them (security/trustdomain). */

export interface TrustDomains {
  expand: (principals: readonly string[]) => string[];
}

export function trustDomainsOf(domain: string, aliases: readonly string[]): TrustDomains {
  const all = [domain, ...aliases];
  return {
    expand: (principals) =>
      principals.flatMap((principal) => {
        const parts = principal.split("/");
        const own = parts[0] ?? "";
        if (parts.length !== 5 || own === "*") return [principal];
        if (own !== "cluster.local" && !all.some((one) => matches(one, own))) return [principal];
        // "*-td" already means every alias that it matches.
        const expanded = all.map((one) => (endsLike(one, own) ? principal : [one, ...parts.slice(1)].join("/")));
        return [...new Set(expanded)];
      }),
  };
}

function matches(domain: string, pattern: string): boolean {
  return domain === pattern || endsLike(domain, pattern) || (pattern.endsWith("*") && domain.startsWith(pattern.slice(0, -1)));
}

function endsLike(domain: string, pattern: string): boolean {
  return pattern.startsWith("*") && domain.endsWith(pattern.slice(1));
}

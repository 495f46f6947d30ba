/** Localities `region/zone/subzone`: `*` only as the last sign, no empty part, none inside another. */
export function overlappingLocality(localities: readonly string[]): string | undefined {
  const taken: string[][] = [];
  for (const locality of localities) {
    const star = locality.indexOf("*");
    if (star >= 0 && star !== locality.length - 1) return locality;
    const [region, zone, ...rest] = locality.split("/");
    const parts = [region!, ...(zone === undefined ? [] : [zone]), ...(rest.length > 0 ? [rest.join("/")] : [])];
    if (parts.includes("")) return locality;
    // "region", "region/*" and "*" stand for everything below them.
    const scope = parts.at(-1) === "*" ? parts.slice(0, -1) : parts;
    if (taken.some((other) => covers(other, scope) || covers(scope, other))) return locality;
    taken.push(scope);
  }
  return undefined;
}

function covers(outer: readonly string[], inner: readonly string[]): boolean {
  return outer.length <= inner.length && outer.every((part, index) => part === inner[index]);
}

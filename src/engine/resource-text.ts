/** What Envoy compares two messages by; where they stand in the documents is no part of it. */
export function resourceText(resource: object): string {
  return JSON.stringify(resource, (key, value: unknown) => (key === "source" || key === "sources" ? undefined : value));
}

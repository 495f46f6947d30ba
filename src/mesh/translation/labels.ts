/** Label selectors by equality, the only ones that services and policies use. */

export type Labels = Readonly<Record<string, string>>;

/** Every wanted label is there with that value; nothing wanted matches everything. */
export function labelsMatch(wanted: Labels, labels: Labels): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** The answer of a drill is a file of its own, made when the site is built and fetched when a line is marked. */
import type { DrillAnswer } from "#lessons";

/** @returns null when it cannot be had: no network, or a page older than the site. */
export async function fetchDrillAnswer(url: string): Promise<DrillAnswer | null> {
  try {
    const response = await fetch(url);
    return response.ok ? ((await response.json()) as DrillAnswer) : null;
  } catch {
    return null;
  }
}

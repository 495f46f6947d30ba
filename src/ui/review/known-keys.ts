/** Whether the learner has used the keys before: they are shown once. Forgetting this costs one line of text, so storage may fail. */
const storageKey = "meshwise-practice-keys";

export function keysAreKnown(): boolean {
  try {
    return localStorage.getItem(storageKey) === "known";
  } catch {
    return false;
  }
}

export function rememberKeys(): void {
  try {
    localStorage.setItem(storageKey, "known");
  } catch {
    // A private window shows the line again.
  }
}

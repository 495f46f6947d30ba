/** Work is kept when its author pauses, and at once when the page is left. */

const paceMs = 400;

/** @returns what takes it back: a later edit saves anew. */
export function saveSoon(save: () => void): () => void {
  const timer = setTimeout(save, paceMs);
  window.addEventListener("pagehide", save);
  return () => {
    clearTimeout(timer);
    window.removeEventListener("pagehide", save);
  };
}

/**
 * Shows beside each paragraph what the reader still remembers of its cards, when asked to. At most 2 KB: it is on every lesson. Reads
 * the summary that practice keeps (ui/progress/recall-summary.ts says what it holds).
 */

const shownKey = "meshwise-recall-map";

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

/** @param bar holds the button, the explanation and in `data-sign` the sign's words with {recall} in them */
export function showRecall(page: Document, bar: HTMLElement, nowMs: number): void {
  const button = bar.querySelector("button");
  const { decay, cards } = JSON.parse(read("meshwise-recall") ?? "{}");
  if (!button || !cards) return;
  const factor = 0.9 ** (-1 / decay) - 1;
  const recallOf = ([stability, lastMs]: number[]) =>
    (1 + (factor * Math.max(0, nowMs - (lastMs ?? 0))) / 864e5 / Math.max(stability ?? 0, 0.001)) ** -decay;
  const places = [...page.querySelectorAll<HTMLElement>("[data-cards]")].flatMap((place) => {
    const known = (place.dataset.cards ?? "").split(" ").flatMap((slug) => (cards[slug] ? [recallOf(cards[slug])] : []));
    return known.length > 0 ? [{ place, recall: Math.min(...known) }] : [];
  });
  if (places.length === 0) return;
  bar.hidden = false;
  const show = (on: boolean) => {
    button.ariaPressed = String(on);
    for (const sign of page.querySelectorAll(".recall-sign")) sign.remove();
    for (const { place, recall } of places) {
      place.dataset.recall = on ? (recall < 0.7 ? "faded" : recall < 0.9 ? "fading" : "firm") : "";
      if (!on) continue;
      const sign = page.createElement("small");
      sign.className = "recall-sign";
      sign.textContent = ` ${(bar.dataset.sign ?? "").replace("{recall}", String(Math.round(recall * 100)))}`;
      place.append(sign);
    }
  };
  button.addEventListener("click", () => {
    const on = button.ariaPressed !== "true";
    show(on);
    try {
      localStorage.setItem(shownKey, on ? "on" : "");
    } catch {
      // It lasts for this page.
    }
  });
  show(read(shownKey) === "on");
}

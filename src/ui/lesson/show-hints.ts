/** Opens the hint of a marked term in place: by click, tap or key, or when the pointer rests on it. Without this the mark is a link. */

const restMs = 250;
const leaveMs = 300;
const gapPx = 6;
const edgePx = 16;

export function showHints(page: Document): void {
  for (const term of page.querySelectorAll<HTMLElement>(".mw-term")) {
    const hint = page.getElementById(`term-${term.dataset.term}`);
    if (!hint?.showPopover) continue;
    let waiting = 0;
    const isOpen = () => hint.matches(":popover-open");
    const later = (run: () => void, ms: number) => {
      clearTimeout(waiting);
      waiting = window.setTimeout(run, ms);
    };
    const open = () => {
      hint.showPopover({ source: term } as never);
      place(hint, term);
      term.ariaExpanded = "true";
    };
    const close = () => isOpen() && hint.hidePopover();
    term.role = "button";
    term.ariaExpanded = "false";
    hint.addEventListener("toggle", (event) => {
      if ((event as ToggleEvent).newState === "closed") term.ariaExpanded = "false";
    });
    term.addEventListener("click", (event) => {
      if (event instanceof MouseEvent && (event.ctrlKey || event.metaKey || event.shiftKey)) return;
      event.preventDefault();
      clearTimeout(waiting);
      // A hint that the pointer opened stays with a click.
      if (!isOpen()) open();
    });
    term.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      term.click();
    });
    for (const part of [term, hint]) {
      part.addEventListener("pointerenter", (event) => {
        if (event.pointerType === "mouse") later(() => !isOpen() && part === term && open(), restMs);
      });
      part.addEventListener("pointerleave", (event) => {
        if (event.pointerType === "mouse") later(close, leaveMs);
      });
    }
  }
}

/** Below the words, or above them where there is no room; never beyond the window's edge. */
function place(hint: HTMLElement, term: HTMLElement): void {
  const words = term.getClientRects()[0] ?? term.getBoundingClientRect();
  const { width, height } = hint.getBoundingClientRect();
  const left = Math.max(edgePx, Math.min(words.left, document.documentElement.clientWidth - width - edgePx));
  const isBelow = words.bottom + gapPx + height <= innerHeight;
  const top = isBelow ? words.bottom + gapPx : words.top - gapPx - height;
  hint.style.left = `${left + scrollX}px`;
  hint.style.top = `${top + scrollY}px`;
}

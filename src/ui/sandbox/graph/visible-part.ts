/** The part of an element that is on the screen, in its own px: what a canvas over a large graph has to be as large as. */
export interface Part {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** Cut by the window and by everything around it that hides what overflows. */
export function visiblePart(element: HTMLElement): Part {
  const own = element.getBoundingClientRect();
  let [left, top] = [Math.max(0, own.left), Math.max(0, own.top)];
  let [right, bottom] = [Math.min(window.innerWidth, own.right), Math.min(window.innerHeight, own.bottom)];
  for (let around = element.parentElement; around && around !== document.body; around = around.parentElement) {
    if (getComputedStyle(around).overflow === "visible") continue;
    const box = around.getBoundingClientRect();
    left = Math.max(left, box.left);
    top = Math.max(top, box.top);
    right = Math.min(right, box.right);
    bottom = Math.min(bottom, box.bottom);
  }
  const [x, y] = [Math.floor(left - own.left), Math.floor(top - own.top)];
  return { x, y, width: Math.max(0, Math.ceil(right - own.left) - x), height: Math.max(0, Math.ceil(bottom - own.top) - y) };
}

/** Calls when that part may have become another one: something scrolled or changed its size. @returns how to stop */
export function onVisiblePartChange(element: HTMLElement, listener: () => void): () => void {
  const observer = new ResizeObserver(listener);
  for (let around: HTMLElement | null = element; around; around = around.parentElement) observer.observe(around);
  // Scroll events do not bubble; on their way down the window sees all of them.
  window.addEventListener("scroll", listener, { capture: true, passive: true });
  window.addEventListener("resize", listener);
  return () => {
    observer.disconnect();
    window.removeEventListener("scroll", listener, { capture: true });
    window.removeEventListener("resize", listener);
  };
}

/** One pane of the sandbox. While it is not on the screen (another tab is) it keeps what it showed last instead of drawing every frame. */
import { type ReactNode, type RefObject, useEffect, useRef, useState } from "react";

interface PaneProps {
  name: string;
  label: string;
  /** Which of the inspector's panes is in front; absent for the others. */
  open?: boolean;
  children: ReactNode;
}

export function Pane({ name, label, open, children }: PaneProps) {
  const element = useRef<HTMLElement>(null);
  const shown = useShown(element);
  const kept = useRef(children);
  // The same children as before: React leaves all of them alone.
  if (shown) kept.current = children;
  return (
    <section ref={element} id={`sandbox-pane-${name}`} className={`pane pane-${name}`} data-open={open} aria-label={label}>
      {kept.current}
    </section>
  );
}

/** Whether it has a box: `display: none`, its own or of what it stands in, takes it away. */
function useShown(element: RefObject<HTMLElement | null>): boolean {
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const observer = new ResizeObserver(() => setShown(watched.getClientRects().length > 0));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  return shown;
}

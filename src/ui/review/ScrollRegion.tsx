/** What may be wider or longer than its place scrolls by itself; it takes the focus, so that the keyboard can scroll it. */
import type { ReactNode } from "react";

export interface ScrollRegionProps {
  className: string;
  label: string;
  children: ReactNode;
}

export function ScrollRegion({ className, label, children }: ScrollRegionProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={className} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}

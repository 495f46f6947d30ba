/** A row of tabs by the usual keyboard rules (one tab stop, arrow keys move). Shows nothing but the row itself. */
import { type KeyboardEvent, useRef } from "react";

export interface TabItem<Id extends string> {
  id: Id;
  label: string;
}

interface TabsProps<Id extends string> {
  label: string;
  items: readonly TabItem<Id>[];
  active: Id;
  /** Prefix of the ids of the panes the tabs control. */
  controls: string;
  className?: string;
  onSelect(id: Id): void;
}

export function Tabs<Id extends string>({ label, items, active, controls, className = "", onSelect }: TabsProps<Id>) {
  const row = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.code];
    if (!step) return;
    event.preventDefault();
    const at = items.findIndex((item) => item.id === active);
    const next = items[(at + step + items.length) % items.length];
    if (!next) return;
    onSelect(next.id);
    row.current?.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
  };
  return (
    <div ref={row} role="tablist" aria-label={label} className={`sandbox-tabs ${className}`} onKeyDown={onKeyDown}>
      {items.map((item) => (
        <button
          key={item.id}
          type="button"
          role="tab"
          data-tab={item.id}
          aria-selected={item.id === active}
          aria-controls={`${controls}-${item.id}`}
          tabIndex={item.id === active ? 0 : -1}
          onClick={() => onSelect(item.id)}
        >
          {item.label}
        </button>
      ))}
    </div>
  );
}

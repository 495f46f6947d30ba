/**
 * A button that may be out of order for a while without losing the keyboard's focus: it stays focusable, says that it is
 * disabled, and does nothing. For buttons that switch themselves off by being pressed.
 */
import type { ReactNode } from "react";

interface ActionButtonProps {
  disabled: boolean;
  className?: string;
  children: ReactNode;
  onPress(): void;
}

export function ActionButton({ disabled, className, children, onPress }: ActionButtonProps) {
  return (
    <button type="button" className={className} aria-disabled={disabled} onClick={() => disabled || onPress()}>
      {children}
    </button>
  );
}

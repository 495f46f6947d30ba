/** State of a component that goes along when the reader changes the language. */
import { createContext, type Dispatch, type SetStateAction, useContext, useEffect, useRef, useState } from "react";
import { carried, carry } from "./carry.ts";

/** Tells two islands of one kind on a page apart: "sandbox retry-storm". */
export const CarryScope = createContext("");

/**
 * @param initial as with useState; what the component begins with is replaced once it stands
 * @param arrived what becomes of what was brought; the same, unless said otherwise
 */
export function useCarriedState<Value>(
  name: string,
  initial: Value | (() => Value),
  arrived: (brought: Value) => Value = (brought) => brought,
): [Value, Dispatch<SetStateAction<Value>>] {
  const [value, setValue] = useState(initial);
  useCarried(name, value, (brought) => setValue(arrived(brought)));
  return [value, setValue];
}

/** The same for a state that is kept elsewhere. @param onArrival told once, after the first showing, where something was brought */
export function useCarried<Value>(name: string, value: Value, onArrival: (value: Value) => void): void {
  const full = `${useContext(CarryScope)} ${name}`.trimStart();
  const newest = useRef({ value, onArrival });
  newest.current = { value, onArrival };
  useEffect(() => {
    const brought = carried(full) as Value | undefined;
    if (brought !== undefined) newest.current.onArrival(brought);
    return carry(full, () => newest.current.value);
  }, [full]);
}

/** When the rest of the page may come. */
import { useEffect, useState } from "react";

/** False until the first picture stands, and a moment longer: the graph and its numbers come before all else. */
export function useLater(stands: boolean): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    if (!stands) return;
    const timer = setTimeout(() => setLate(true), 300);
    return () => clearTimeout(timer);
  }, [stands]);
  return late;
}

/** A fault in a few words: what, where, how hard. The same in the list, in the graph's names and in the summary. */
import type { SandboxTexts } from "../texts.tsx";
import type { RunningFault } from "./running-faults.ts";

export function faultWords(fault: RunningFault, { t }: SandboxTexts): string {
  const replica = fault.replica === null ? "" : t("sandbox:node.replica", { index: fault.replica });
  return [t(`faults:kind.${fault.kind}`), fault.place, replica, fault.strength].filter((part) => part !== "").join(" · ");
}

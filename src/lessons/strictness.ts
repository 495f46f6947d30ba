/**
 * Whether a fault of the content stops the build. It does; MESHWISE_UNFINISHED=1 turns faults into warnings for somebody
 * who wants to see a site whose lessons are still being written. Never set where a site is published.
 */
export function isUnfinishedAllowed(): boolean {
  return process.env.MESHWISE_UNFINISHED === "1";
}

/** @throws the fault, or prints it where unfinished content is allowed. */
export function reportFault(fault: string): void {
  if (!isUnfinishedAllowed()) throw new Error(`${fault} (to build all the same: MESHWISE_UNFINISHED=1)`);
  console.warn(`unfinished: ${fault}`);
}

/** Asks the browser not to throw the learner's progress away when space runs short. Some browsers ask the learner; asked once a visit. */
let asked = false;

/** To be called when there is something worth keeping: after an answer. */
export function askToKeepData(): void {
  if (asked) return;
  asked = true;
  // Absent in old browsers and on insecure addresses; a refusal changes nothing for the page.
  navigator.storage?.persist?.().catch(() => undefined);
}

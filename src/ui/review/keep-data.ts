/** Asks the browser not to throw the learner's progress away when space runs short, and knows which browsers do it by the calendar. */
let asked = false;

/** To be called when there is something worth keeping: after an answer. Some browsers ask the learner; asked once a visit. */
export function askToKeepData(): void {
  if (asked) return;
  asked = true;
  // Absent in old browsers and on insecure addresses; a refusal changes nothing for the page.
  navigator.storage?.persist?.().catch(() => undefined);
}

/** True when the browser has promised to keep the data. */
export async function dataIsKept(): Promise<boolean> {
  try {
    return (await navigator.storage?.persisted?.()) === true;
  } catch {
    return false;
  }
}

/**
 * Safari deletes what a script stored when the site was not visited for seven days of use (webkit.org, "Full Third-Party
 * Cookie Blocking and More", 2020); a site on the home screen is spared. Every browser on iOS is WebKit.
 */
export function deletesDataAfterAWeek({ userAgent, standalone, maxTouchPoints = 0 }: AppleNavigator): boolean {
  if (standalone === true) return false;
  const isIos = /\b(iPhone|iPad|iPod)\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && maxTouchPoints > 1);
  const isSafari = /\bVersion\/[\d.]+ .*\bSafari\//.test(userAgent) && !/\b(Chrome|Chromium|Android)\b/.test(userAgent);
  return isIos || isSafari;
}

type AppleNavigator = Pick<Navigator, "userAgent"> & { standalone?: boolean; maxTouchPoints?: number };

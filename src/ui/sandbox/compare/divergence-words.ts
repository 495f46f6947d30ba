/** The first moment at which two worlds part, as a sentence. */
import type { Divergence, RunEvent } from "#scenario";
import type { SandboxTexts } from "../texts.tsx";

export function divergenceWords(divergence: Divergence | null, seed: number, texts: SandboxTexts): string {
  const { t, duration } = texts;
  if (!divergence) return t("sandbox:compare.never", { seed });
  const { a, b } = divergence;
  const atMs = Math.min(a?.atMs ?? Infinity, b?.atMs ?? Infinity);
  return t("sandbox:compare.diverge", { seed, time: duration(atMs), a: eventWords(a, texts), b: eventWords(b, texts) });
}

function eventWords(event: RunEvent | null, { t, duration }: SandboxTexts): string {
  if (!event) return t("sandbox:compare.event.none");
  const { what, requestId, from, to, workload, replica, status, flags, atMs } = event;
  const place = workload === "" ? to : `${workload} #${replica}`;
  const outcome = [status || t("sandbox:why.noAnswerShort"), flags === "-" ? "" : flags].filter(Boolean).join(" ");
  return t(`sandbox:compare.event.${what}`, { id: requestId, from, to, place, outcome, time: duration(atMs) });
}

/** Runs a small scenario to its end and reads the one metric its `expect` names: what executable cards are graded by. */
import type { FinishedRequest } from "#engine";
import type { Diagnostic, MeshFile } from "#mesh";
import { openSession } from "./open-session.ts";

export type MeasuredRun =
  | { ok: true; value: number; requests: readonly FinishedRequest[] }
  | { ok: false; diagnostics: readonly Diagnostic[] };

/** @param maxRequests of the trace, in the order in which they ended */
export function measureScenario(files: readonly MeshFile[], seed: number, maxRequests: number): MeasuredRun {
  const opened = openSession(files, { seed });
  if (!opened.ok) return opened;
  const { session, diagnostics } = opened;
  session.run();
  const { goal, requests } = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests });
  const value = goal.checks[0]?.value;
  return typeof value === "number" ? { ok: true, value, requests } : { ok: false, diagnostics };
}

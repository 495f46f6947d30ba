/**
 * What happened lately on each edge: differences of the frames' counters over about one second of virtual time.
 * It reads frames only, never a clock: with the worker stopped the rates freeze too.
 */
import type { EdgeStats } from "#engine";
import type { Frame } from "#scenario";
import { edgeKeyOf } from "../graph/edge-key.ts";

export interface RecentRates {
  requests: number;
  ok: number;
  mutualTls: number;
  plaintext: number;
  /** Requests that got an HTTP answer of any kind. */
  answered: number;
  /** Refused by a proxy: 401 or 403. Not errors of the service, but a reader looks for them. */
  denied: number;
  perSecond: number | null;
  errorShare: number | null;
  deniedShare: number | null;
}

interface Sample {
  nowMs: number;
  totals: Map<string, Totals>;
}

type Totals = Pick<RecentRates, "requests" | "ok" | "mutualTls" | "plaintext" | "answered" | "denied">;

const nothing: Totals = { requests: 0, ok: 0, mutualTls: 0, plaintext: 0, answered: 0, denied: 0 };

export interface RateWindow {
  push(frame: Frame): void;
  recent(): ReadonlyMap<string, RecentRates>;
}

const shortestMs = 50;

/** @param windowMs of virtual time. */
export function createRateWindow(windowMs = 1000): RateWindow {
  let samples: Sample[] = [];
  return {
    push(frame) {
      const newest = samples.at(-1);
      if (newest && frame.nowMs < newest.nowMs) samples = [];
      if (samples.length === 0 && frame.nowMs > 0) samples.push({ nowMs: 0, totals: new Map() });
      if (newest?.nowMs === frame.nowMs) samples.pop();
      samples.push({ nowMs: frame.nowMs, totals: totalsOf(frame) });
      // One sample at or before the window's start stays: it is the base of the difference.
      while (samples.length > 2 && (samples[1]?.nowMs ?? 0) <= frame.nowMs - windowMs) samples.shift();
    },
    recent() {
      const base = samples[0];
      const newest = samples.at(-1);
      const rates = new Map<string, RecentRates>();
      if (!base || !newest || base === newest) return rates;
      const spanMs = newest.nowMs - base.nowMs;
      for (const [key, totals] of newest.totals) rates.set(key, difference(totals, base.totals.get(key), spanMs));
      return rates;
    },
  };
}

function difference(totals: Totals, before: Totals | undefined, spanMs: number): RecentRates {
  const requests = totals.requests - (before?.requests ?? 0);
  const ok = totals.ok - (before?.ok ?? 0);
  const denied = totals.denied - (before?.denied ?? 0);
  return {
    requests,
    ok,
    mutualTls: totals.mutualTls - (before?.mutualTls ?? 0),
    plaintext: totals.plaintext - (before?.plaintext ?? 0),
    answered: totals.answered - (before?.answered ?? 0),
    denied,
    perSecond: spanMs >= shortestMs ? (requests * 1000) / spanMs : null,
    errorShare: requests > 0 ? (requests - ok) / requests : null,
    deniedShare: requests > 0 ? denied / requests : null,
  };
}

function totalsOf(frame: Frame): Map<string, Totals> {
  const totals = new Map<string, Totals>();
  for (const row of frame.edges) {
    const key = edgeKeyOf(row);
    const sum = totals.get(key) ?? nothing;
    totals.set(key, {
      requests: sum.requests + row.requests,
      ok: sum.ok + row.ok,
      mutualTls: sum.mutualTls + row.security.mutual_tls,
      plaintext: sum.plaintext + row.security.none,
      denied: sum.denied + (row.statuses["401"] ?? 0) + (row.statuses["403"] ?? 0) + deniedByGrpc(row),
      answered: sum.answered + row.requests - (row.statuses["0"] ?? 0),
    });
  }
  return totals;
}

/** PERMISSION_DENIED and UNAUTHENTICATED. */
function deniedByGrpc({ grpcStatuses }: Pick<EdgeStats, "grpcStatuses">): number {
  return (grpcStatuses?.["7"] ?? 0) + (grpcStatuses?.["16"] ?? 0);
}

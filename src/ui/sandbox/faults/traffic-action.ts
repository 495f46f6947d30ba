/** A form about one client → the action that a timeline would write: only what differs from how it stands. Pure. */
import type { ActionText } from "#scenario";
import type { TrafficEntry } from "./traffic-now.ts";

export const loads = ["rate", "users", "burst"] as const;

/** As typed. */
export interface TrafficDraft {
  name: string;
  from: string;
  to: string;
  method: string;
  /** A line each, "name: value". */
  headers: string;
  load: (typeof loads)[number];
  /** "": as it is. */
  amount: string;
}

/** @param entry null: a client that is not there yet, calling from `from` */
export function draftOf(entry: TrafficEntry | null, from: string): TrafficDraft {
  if (!entry) return { name: "", from, to: "", method: "GET", headers: "", load: "rate", amount: "" };
  const { name, to, method, headers, load } = entry;
  return { name, from: entry.from, to, method, headers: headerLines(headers), load: load.type, amount: "" };
}

/** Fields that cannot be as they are typed. */
export function wrongFields(draft: TrafficDraft, entry: TrafficEntry | null, names: readonly string[]): (keyof TrafficDraft)[] {
  const { name, to, headers, load } = draft;
  const wrong: (keyof TrafficDraft)[] = [];
  if (!entry && name.trim() !== "" && names.includes(name.trim())) wrong.push("name");
  if (to.trim() !== "" && !/^(?:https?|grpc):\/\/[^\s/]+\S*$|^tcp:\/\/[^\s/]+:\d+$/.test(to.trim())) wrong.push("to");
  if (linesOf(headers).some((line) => !/^[^:\s]+\s*:/.test(line))) wrong.push("headers");
  const amount = amountOf(draft);
  const least = load === "rate" ? 0 : 1;
  if (amount !== null && !(amount >= least && (load === "rate" || Number.isInteger(amount)))) wrong.push("amount");
  return wrong;
}

/** @returns null where there is nothing to do yet */
export function trafficAction(draft: TrafficDraft, entry: TrafficEntry | null): ActionText | null {
  const { from, to, method, headers, load } = draft;
  const amount = amountOf(draft);
  const told = amount === null ? {} : { [load]: load === "rate" ? `${amount}/s` : amount };
  if (!entry) {
    const name = draft.name.trim();
    if (name === "" || to.trim() === "" || amount === null) return null;
    const extra = {
      ...(method === "GET" ? {} : { method }),
      ...(linesOf(headers).length > 0 ? { headers: headersOf(headers) } : {}),
    };
    return { traffic: { name, from, to: to.trim(), ...extra, ...told } };
  }
  const changes = {
    ...(from === entry.from ? {} : { from }),
    ...(to.trim() === entry.to || to.trim() === "" ? {} : { to: to.trim() }),
    ...(method === entry.method ? {} : { method }),
    ...(headers === headerLines(entry.headers) ? {} : { headers: headersOf(headers) }),
    ...told,
  };
  return Object.keys(changes).length === 0 ? null : { traffic: { name: entry.name, ...changes } };
}

function amountOf({ amount }: TrafficDraft): number | null {
  const typed = amount.trim().replace(",", ".");
  return typed === "" ? null : Number(typed);
}

function headerLines(headers: TrafficEntry["headers"]): string {
  return Object.entries(headers ?? {})
    .map(([name, value]) => `${name}: ${value}`)
    .join("\n");
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function headersOf(text: string): Record<string, string> {
  return Object.fromEntries(
    linesOf(text).map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
    }),
  );
}

/** Who calls and how much at a moment: the experiment's entries, with what its timeline and a reader changed since. Pure. */
import type { RunPlan, TimelineEntry } from "#scenario";
import type { AppliedChange } from "../run/world.ts";

type Experiment = RunPlan["experiment"];
type Entry = Experiment["traffic"][number];
type Edit = TimelineEntry & { type: "traffic" };

export interface TrafficEntry {
  name: string;
  from: string;
  /** URL. */
  to: string;
  method: string;
  /** Null: variants with weights. */
  headers: Readonly<Record<string, string>> | null;
  /** As it stands now: "rate" and 50, … */
  load: { type: "rate" | "users" | "burst"; amount: number };
}

export function trafficNow(experiment: Experiment | undefined, changes: readonly AppliedChange[], nowMs: number): TrafficEntry[] {
  const calling = new Map((experiment?.traffic ?? []).map((entry) => [entry.name, shown(entry)]));
  const byHand = changes.flatMap(({ entry, atMs }) => (entry ? [{ ...entry, atMs }] : []));
  const edits = [...(experiment?.timeline ?? []), ...byHand].filter((one): one is Edit => one.type === "traffic");
  for (const edit of edits.filter(({ atMs }) => atMs <= nowMs).sort((a, b) => a.atMs - b.atMs)) {
    if (edit.removed) calling.delete(edit.name);
    else calling.set(edit.name, { ...(calling.get(edit.name) ?? silent(edit.name)), ...told(edit) });
  }
  return [...calling.values()];
}

function shown({ name, from, variants, load }: Entry): TrafficEntry {
  const [first] = variants;
  const { method = "GET" } = first?.request ?? {};
  return {
    name,
    from,
    to: first ? urlOf(first.request) : "",
    method,
    headers: headersOf(variants.map(({ request }) => request)),
    load: amountOf(load),
  };
}

function silent(name: string): TrafficEntry {
  return { name, from: "", to: "", method: "GET", headers: {}, load: { type: "rate", amount: 0 } };
}

function told({ from, to, method, headers, load }: Edit): Partial<TrafficEntry> {
  return {
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to: urlOf(to) }),
    ...(method === undefined ? {} : { method }),
    ...(headers === undefined ? {} : { headers: headersOf(headers) }),
    ...(load === undefined ? {} : { load: amountOf(load) }),
  };
}

function headersOf(variants: readonly { headers: Readonly<Record<string, string>> }[]): TrafficEntry["headers"] {
  return variants.length > 1 ? null : (variants[0]?.headers ?? {});
}

const usualPorts: Readonly<Record<string, number>> = { http: 80, https: 443, grpc: 80 };

function urlOf({ scheme, host, port, path }: NonNullable<Edit["to"]>): string {
  return `${scheme}://${host}${usualPorts[scheme] === port ? "" : `:${port}`}${path}`;
}

function amountOf(load: Entry["load"]): TrafficEntry["load"] {
  if (load.type === "rate") return { type: "rate", amount: load.perSecond };
  return load.type === "users" ? { type: "users", amount: load.users } : { type: "burst", amount: load.size };
}

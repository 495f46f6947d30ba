/** What a scenario is judged by, from the real proxy and from ours alike, and where the two differ. */
export interface Figures {
  /** By traffic entry. */
  traffic: Readonly<Record<string, TrafficFigures>>;
  /** Requests that reached each application, by workload and replica. */
  arrivals: Readonly<Record<string, readonly number[]>>;
  /** Lines of the outlier detection event log, by what they say besides times and addresses, and by their fields. */
  outliers: Readonly<Record<string, number>>;
}

export interface TrafficFigures {
  statuses: Readonly<Record<string, number>>;
  /** By sorted flags, "UF,URX". */
  flags: Readonly<Record<string, number>>;
  /** Codes of gRPC; absent where no request was one. */
  grpc?: Readonly<Record<string, number>>;
  /** Headers of answers as sorted text, where a scenario asks for them. */
  answers?: Readonly<Record<string, number>>;
  /** RESPONSE_CODE_DETAILS, where a scenario asks for them. */
  details?: Readonly<Record<string, number>>;
  attempts: number;
  requests: number;
  p50Ms: number;
}

/** A real process on a shared machine is late by its loopback, its timers and its neighbours, and never early by more than a timer. */
const lateMs = 120;
const earlyMs = 40;
const timingShare = 0.08;

/**
 * @param slack share of the requests (0 = exact) by which counts may differ
 * @returns how many figures were compared, and one line for each that differs
 */
export function compareFigures(
  real: Figures,
  ours: readonly Figures[],
  slack: number,
): { compared: number; differing: readonly string[] } {
  const found: string[] = [];
  let compared = 0;
  for (const [name, expected] of Object.entries(real.traffic)) {
    const own = ours.map((figures) => figures.traffic[name]);
    const allowed = slack * Math.max(1, expected.requests);
    compared++;
    const count = (label: string, wanted: number, read: (figures: TrafficFigures) => number, factor = 1) => {
      compared++;
      const values = own.map((figures) => (figures === undefined ? Number.NaN : read(figures)));
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const fits = slack === 0 ? values.every((value) => value === wanted) : Math.abs(mean - wanted) <= allowed * factor;
      if (!fits) found.push(`${name} ${label}: Envoy ${wanted}, ours ${values.join(" ")}`);
    };
    for (const key of keysOf(
      expected.statuses,
      own.map((one) => one?.statuses),
    ))
      count(`status ${key}`, expected.statuses[key] ?? 0, (figures) => figures.statuses[key] ?? 0);
    for (const key of keysOf(
      expected.flags,
      own.map((one) => one?.flags),
    ))
      count(`flags ${key}`, expected.flags[key] ?? 0, (figures) => figures.flags[key] ?? 0);
    for (const key of keysOf(
      expected.grpc ?? {},
      own.map((one) => one?.grpc),
    ))
      count(`grpc ${key}`, expected.grpc?.[key] ?? 0, (figures) => figures.grpc?.[key] ?? 0);
    for (const key of keysOf(
      expected.answers ?? {},
      own.map((one) => one?.answers),
    ))
      count(`answer ${key}`, expected.answers?.[key] ?? 0, (figures) => figures.answers?.[key] ?? 0);
    for (const key of keysOf(
      expected.details ?? {},
      own.map((one) => one?.details),
    ))
      count(`details ${key}`, expected.details?.[key] ?? 0, (figures) => figures.details?.[key] ?? 0);
    count("attempts", expected.attempts, (figures) => figures.attempts, 2);
    const p50 = own.map((figures) => figures?.p50Ms ?? Number.NaN);
    const near = p50.some((value) => {
      const late = expected.p50Ms - value;
      return late <= lateMs + timingShare * value && late >= -earlyMs - timingShare * value;
    });
    if (!near) found.push(`${name} p50: Envoy ${expected.p50Ms} ms, ours ${p50.map((value) => value.toFixed(1)).join(" ")} ms`);
  }
  const requests = Object.values(real.traffic).reduce((sum, one) => sum + one.requests, 0);
  for (const [name, expected] of Object.entries(real.arrivals)) {
    const own = ours.map((figures) => figures.arrivals[name] ?? []);
    expected.forEach((wanted, replica) => {
      compared++;
      const values = own.map((replicas) => replicas[replica] ?? 0);
      const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
      const fits = slack === 0 ? values.every((value) => value === wanted) : Math.abs(mean - wanted) <= slack * requests;
      if (!fits) found.push(`${name}[${replica}] arrivals: Envoy ${wanted}, ours ${values.join(" ")}`);
    });
  }
  for (const name of keysOf(
    real.outliers,
    ours.map((figures) => figures.outliers),
  )) {
    compared++;
    const wanted = real.outliers[name] ?? 0;
    const values = ours.map((figures) => figures.outliers[name] ?? 0);
    // One sweep more or less at the end of a run.
    const allowed = Math.max(1, wanted / 4);
    if (!values.some((value) => Math.abs(value - wanted) <= allowed) || (wanted > 1 && values.every((value) => value === 0)))
      found.push(`outlier log, ${name}: Envoy ${wanted}, ours ${values.join(" ")}`);
  }
  return { compared, differing: found };
}

/** @param text the log, one JSON object a line */
export function summariseOutliers(text: string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of text.split("\n").filter(Boolean)) {
    const event = JSON.parse(line) as Record<string, unknown>;
    const said = ["cluster_name", "action", "type", "enforced"].map((key) => event[key]).join(" ");
    const key = `${said} (${Object.keys(event).join(" ")})`;
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

function keysOf(
  expected: Readonly<Record<string, number>>,
  others: readonly (Readonly<Record<string, number>> | undefined)[],
): string[] {
  return [...new Set([expected, ...others].flatMap((one) => Object.keys(one ?? {})))].sort();
}

function sortFlags(flags: string): string {
  return flags.split(",").sort().join(",");
}

/** The headers of an answer that a scenario asks for; undefined where it asks for none. */
export function answerText(names: readonly string[], read: (name: string) => unknown): string | undefined {
  if (names.length === 0) return undefined;
  const lines = names.flatMap((name) => (read(name) === undefined || read(name) === null ? [] : `${name}=${read(name)}`));
  return lines.sort().join(" ");
}

export function summarise(
  lines: readonly {
    status: number;
    flags: string;
    grpc: number | undefined;
    answer: string | undefined;
    details: string | undefined;
    attempts: number;
    durationMs: number;
  }[],
): TrafficFigures {
  const statuses: Record<string, number> = {};
  const flags: Record<string, number> = {};
  const grpc: Record<string, number> = {};
  const answers: Record<string, number> = {};
  const details: Record<string, number> = {};
  let attempts = 0;
  for (const line of lines) {
    statuses[line.status] = (statuses[line.status] ?? 0) + 1;
    flags[sortFlags(line.flags)] = (flags[sortFlags(line.flags)] ?? 0) + 1;
    if (line.grpc !== undefined) grpc[line.grpc] = (grpc[line.grpc] ?? 0) + 1;
    if (line.answer !== undefined) answers[line.answer] = (answers[line.answer] ?? 0) + 1;
    if (line.details !== undefined) details[line.details] = (details[line.details] ?? 0) + 1;
    attempts += line.attempts;
  }
  const durations = lines.map((line) => line.durationMs).sort((a, b) => a - b);
  const codes = Object.keys(grpc).length > 0 ? { grpc } : {};
  const headers = Object.keys(answers).length > 0 ? { answers } : {};
  const why = Object.keys(details).length > 0 ? { details } : {};
  return {
    statuses,
    flags,
    ...codes,
    ...headers,
    ...why,
    attempts,
    requests: lines.length,
    p50Ms: durations[Math.ceil(durations.length / 2) - 1] ?? 0,
  };
}

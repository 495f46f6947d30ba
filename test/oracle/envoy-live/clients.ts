/** Sends a scenario's traffic to the real proxy as the experiment says: bursts, closed loops, open loops. */
import { Agent, request as httpRequest } from "node:http";
import { betweenValues, type RequestTemplate, type TrafficConfig } from "#engine";

/** The traffic entry a line of the access log belongs to. */
export const entryHeader = "x-oracle-entry";

export async function sendTraffic(traffic: readonly TrafficConfig[], durationMs: number): Promise<void> {
  await Promise.all(traffic.map((entry) => sendEntry(entry, durationMs)));
}

async function sendEntry(entry: TrafficConfig, durationMs: number): Promise<void> {
  // Over TCP every request is a session of its own.
  const isHttp = entry.variants.every(({ request }) => request.scheme !== "tcp");
  const agent = new Agent({ keepAlive: isHttp, maxSockets: Number.POSITIVE_INFINITY });
  await pause(entry.startMs);
  const { load } = entry;
  const sent: Promise<void>[] = [];
  const next = () => send(agent, entry, pickVariant(entry));
  const endMs = entry.durationMs ?? durationMs - entry.startMs;
  const limit = entry.requests ?? Number.POSITIVE_INFINITY;
  if (load.type === "burst") {
    for (let i = 0; i < load.size; i++) sent.push(next());
  } else if (load.type === "users") {
    let left = limit;
    const started = performance.now();
    const user = async () => {
      while (left-- > 0 && performance.now() - started < endMs) {
        await next();
        if (load.thinkTimeMs > 0) await pause(load.thinkTimeMs);
      }
    };
    for (let i = 0; i < load.users; i++) sent.push(user());
  } else {
    const started = performance.now();
    let atMs = load.arrivals === "constant" ? 0 : exponential(load.perSecond);
    for (let i = 0; i < limit && atMs < endMs; i++) {
      const wait = atMs - (performance.now() - started);
      if (wait > 0) await pause(wait);
      sent.push(next());
      atMs = load.arrivals === "constant" ? ((i + 1) * 1000) / load.perSecond : atMs + exponential(load.perSecond);
    }
  }
  await Promise.all(sent);
  // The proxy may still wait for the end of an upstream stream whose last byte the client has.
  await pause(200);
  agent.destroy();
}

function exponential(perSecond: number): number {
  return (-Math.log(1 - Math.random()) * 1000) / perSecond;
}

function pickVariant({ variants }: TrafficConfig): RequestTemplate {
  let point = Math.random() * variants.reduce((sum, one) => sum + one.weight, 0);
  for (const { weight, request } of variants) {
    point -= weight;
    if (point < 0) return request;
  }
  return (variants[0] as { request: RequestTemplate }).request;
}

function send(agent: Agent, entry: TrafficConfig, template: RequestTemplate): Promise<void> {
  return new Promise((resolve) => {
    const request = httpRequest(
      {
        agent,
        host: template.host,
        port: template.port,
        method: template.method,
        path: template.path,
        headers: { ...inLines(template.headers), [entryHeader]: entry.name },
      },
      (response) => {
        response.resume();
        response.on("close", resolve);
      },
    );
    request.on("error", () => resolve());
    if (entry.timeoutMs !== null) setTimeout(() => request.destroy(), entry.timeoutMs);
    request.end();
  });
}

/** A line break in a value: several lines of that header. */
function inLines(headers: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const lines = (value: string) => (value.includes(betweenValues) ? value.split(betweenValues) : value);
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, lines(value)]));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

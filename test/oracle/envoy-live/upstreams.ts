/** Real HTTP servers that do what the behaviours of a scenario say, one for each address. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createHttp2Server, type Http2ServerResponse } from "node:http2";
import type { BehaviourConfig, Distribution } from "#engine";
import type { Plan } from "#scenario";

export interface Upstreams {
  /** Requests by workload and replica so far. */
  arrivals: Record<string, number[]>;
  /** Follows the timeline's faults of applications: errors, crashes and recoveries. */
  startTimeline(): void;
  close(): void;
}

type Replica = Plan["config"]["workloads"][number]["replicas"][number];

export async function startUpstreams(plan: Plan): Promise<Upstreams> {
  const servers: PlacedServer[] = [];
  const arrivals: Record<string, number[]> = {};
  const errors = new Map<string, BehaviourConfig["errors"]>();
  const timers: NodeJS.Timeout[] = [];
  const http2Addresses = addressesOfHttp2(plan);
  for (const workload of plan.config.workloads) {
    arrivals[workload.name] = workload.replicas.map(() => 0);
    for (const [index, replica] of workload.replicas.entries()) {
      const count = () => {
        const own = arrivals[workload.name] as number[];
        own[index] = (own[index] ?? 0) + 1;
      };
      for (const address of replica.addresses)
        servers.push({
          place: `${workload.name}/${index}`,
          address,
          server: await startServer(
            address,
            replica,
            () => errors.get(`${workload.name}/${index}`),
            count,
            http2Addresses.has(address),
          ),
        });
    }
  }
  return {
    arrivals,
    startTimeline() {
      for (const { atMs, change } of plan.config.timeline) {
        if (change.type !== "errors" && change.type !== "crash" && change.type !== "recover") continue;
        const place = `${change.workload}/${change.replica ?? 0}`;
        const own = servers.filter((one) => one.place === place);
        const happen = () => {
          if (change.type === "errors") errors.set(place, change.errors);
          else for (const one of own) change.type === "crash" ? crash(one.server) : listen(one);
        };
        timers.push(setTimeout(happen, atMs));
      }
    },
    close() {
      for (const timer of timers) clearTimeout(timer);
      for (const { server } of servers) crash(server);
    },
  };
}

interface PlacedServer {
  /** Workload and replica. */
  place: string;
  address: string;
  server: Server;
}

function crash(server: Server): void {
  server.close();
  server.closeAllConnections?.();
}

function listen({ server, address }: Pick<PlacedServer, "server" | "address">): void {
  const colon = address.lastIndexOf(":");
  server.listen(Number(address.slice(colon + 1)), address.slice(0, colon));
}

function addressesOfHttp2(plan: Plan): ReadonlySet<string> {
  const found = new Set<string>();
  for (const node of plan.config.mesh.nodes) {
    for (const cluster of node.clusters) {
      if (cluster.upstreamProtocol !== "http2") continue;
      for (const group of node.endpoints.find((one) => one.cluster === cluster.name)?.localities ?? [])
        for (const endpoint of group.endpoints) found.add(endpoint.address);
    }
  }
  return found;
}

function startServer(
  address: string,
  replica: Replica,
  faultNow: () => BehaviourConfig["errors"] | undefined,
  count: () => void,
  http2: boolean,
): Promise<Server> {
  const serve = serving(replica.behaviour, faultNow);
  const listener = (request: IncomingMessage, response: ServerResponse) => {
    request.resume();
    // A health check is no request of a scenario.
    if (request.headers["user-agent"]?.startsWith("Envoy/HC") !== true) count();
    serve(request, response);
  };
  const server = http2 ? (createHttp2Server(listener as never) as unknown as Server) : createServer(listener);
  if (!http2) server.keepAliveTimeout = 60_000;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.once("listening", () => resolve(server));
    listen({ server, address });
  });
}

function serving(
  behaviour: BehaviourConfig,
  faultNow: () => BehaviourConfig["errors"] | undefined,
): (request: IncomingMessage, response: ServerResponse) => void {
  let position = 0;
  const { response: good } = behaviour;
  return (request, response) => {
    const isGrpc = /^application\/grpc(?:\+|$)/.test(request.headers["content-type"] ?? "");
    const fault = faultNow();
    const errors = fault === undefined ? behaviour.errors : fault;
    let outcome: number | "reset" = 200;
    if (errors?.type === "pattern") outcome = errors.outcomes[position++ % errors.outcomes.length] ?? 200;
    else if (errors !== null && Math.random() < errors.rate) outcome = errors.outcome;
    const failed = outcome === "reset" || outcome >= 500;
    const wait = draw((failed ? errors?.serviceTime : null) ?? behaviour.serviceTime);
    const answer = () => {
      if (outcome === "reset") {
        response.socket?.destroy();
        return;
      }
      if (request.url === rateLimitPath && (outcome === 200 || outcome === 429)) {
        answerOfLimits(response, outcome === 429);
        return;
      }
      const own = outcome === 200 ? good : errors?.response;
      const body = own?.body;
      const done = isGrpc && outcome === 200 ? { "grpc-status": "0" } : {};
      response.writeHead(outcome, { ...done, ...own?.headers, "content-length": "2" });
      if (body === undefined) {
        response.end("ok");
        return;
      }
      response.write("o");
      if (body === "cut") setTimeout(() => response.socket?.destroy(), 5);
      else if (body !== "stall") setTimeout(() => response.end("k"), body);
    };
    if (wait > 0) setTimeout(answer, wait);
    else answer();
  };
}

const rateLimitPath = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

/** RateLimitResponse over gRPC: `overall_code` OK or OVER_LIMIT. */
function answerOfLimits(response: ServerResponse, isOver: boolean): void {
  response.writeHead(200, { "content-type": "application/grpc", trailer: "grpc-status" });
  response.write(Buffer.from([0, 0, 0, 0, 2, 0x08, isOver ? 2 : 1]));
  (response as unknown as Http2ServerResponse).addTrailers({ "grpc-status": "0" });
  response.end();
}

function draw(distribution: Distribution): number {
  switch (distribution.type) {
    case "constant":
      return distribution.ms;
    case "exponential":
      return -Math.log(1 - Math.random()) * distribution.meanMs;
    case "uniform":
      return distribution.minMs + Math.random() * (distribution.maxMs - distribution.minMs);
    case "lognormal":
      return distribution.medianMs;
  }
}

/** What a proxy answers a gRPC request by itself is 200 with a code, and counts as the failure it is. */
import { expect, test } from "vitest";
import { openSession } from "#scenario";

const mesh = `apiVersion: v1
kind: Service
metadata: { name: pay }
spec:
  selector: { app: pay }
  ports: [{ name: grpc, port: 9090 }]
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: no-admin }
spec:
  selector: { matchLabels: { app: pay } }
  action: DENY
  rules: [{ to: [{ operation: { paths: ["/pay.Pay/Admin"] } }] }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: pay }
spec:
  hosts: [pay]
  http:
  - match: [{ uri: { exact: /pay.Pay/Fault } }]
    fault: { abort: { grpcStatus: UNAVAILABLE, percentage: { value: 100 } } }
    route: [{ destination: { host: pay } }]
  - match: [{ uri: { exact: /pay.Pay/Slow } }]
    timeout: 1ms
    route: [{ destination: { host: pay } }]
  - match: [{ uri: { exact: /pay.Pay/Retried } }]
    retries: { attempts: 2, retryOn: unavailable }
    route: [{ destination: { host: sick } }]
  - route: [{ destination: { host: pay } }]
---
apiVersion: v1
kind: Service
metadata: { name: sick }
spec:
  selector: { app: sick }
  ports: [{ name: grpc, port: 9090 }]
`;

function experiment(expectations: string): string {
  const traffic = ["Charge", "Admin", "Fault", "Slow", "Retried"].map(
    (name) => `  - { name: ${name}, from: client, to: "grpc://pay:9090/pay.Pay/${name}", users: 1, requests: 10 }`,
  );
  const deadline =
    '  - { name: Deadline, from: client, to: "grpc://pay:9090/d", headers: { grpc-timeout: 2m }, users: 1, requests: 10 }';
  traffic.push(deadline);
  return `${mesh}---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: grpc-answers }
spec:
  duration: 5s
  workloads:
  - { name: client }
  - { name: pay, service: pay, labels: { app: pay }, behaviour: { serviceTime: { constant: 5ms } } }
  - { name: sick, service: sick, labels: { app: sick }, behaviour: { response: { headers: { grpc-status: "14" } } } }
  traffic:
${traffic.join("\n")}
  expect:
${expectations}
`;
}

function run(text: string) {
  const opened = openSession([{ name: "grpc.yaml", text }], { seed: 1 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  opened.session.run();
  return opened.session;
}

test("an edge counts what the proxies made up as failed, with its code", () => {
  const session = run(experiment("  - { metric: requests, from: client, to: pay, equals: 60 }"));
  const byName = Object.fromEntries(session.report({ accessLog: 100 }).edges.map((edge) => [edge.traffic, edge]));
  expect(byName.Charge).toMatchObject({ ok: 10, statuses: { "200": 10 } });
  expect(byName.Charge?.grpcStatuses).toBeUndefined();
  expect(byName.Admin).toMatchObject({ ok: 0, statuses: { "200": 10 }, grpcStatuses: { "7": 10 } });
  expect(byName.Fault).toMatchObject({ ok: 0, grpcStatuses: { "14": 10 }, flags: { FI: 10 } });
  expect(byName.Slow).toMatchObject({ ok: 0, grpcStatuses: { "14": 10 }, flags: { UT: 10 } });
  // The client's deadline ends what its route would let go on.
  expect(byName.Deadline).toMatchObject({ ok: 0, grpcStatuses: { "14": 10 }, flags: { UT: 10 }, latencyMs: { max: 2 } });
  // The application's own code is retried and at last handed on.
  expect(byName.Retried).toMatchObject({ ok: 0, grpcStatuses: { "14": 10 }, flags: { URX: 10 }, attempts: 30 });
});

test("goals, the list of failed requests, explanations and the access log agree", () => {
  const session = run(
    experiment(
      [
        "  - { metric: errorRate, from: client, to: pay, traffic: Charge, equals: 0 }",
        "  - { metric: errorRate, from: client, to: pay, traffic: Fault, equals: 1 }",
        "  - { metric: statusCount, status: 503, from: client, to: pay, equals: 0 }",
        "  - { metric: deniedCount, of: pay, equals: 10 }",
      ].join("\n"),
    ),
  );
  expect(session.goal().passed).toBe(true);
  const { requests } = session.frame({ afterFlightId: 0, maxFlights: 0, maxRequests: 512 });
  const failed = requests.filter(({ grpcStatus }) => grpcStatus !== undefined);
  expect(failed.length).toBe(50);
  const denied = failed.find(({ traffic }) => traffic === "Admin");
  const [hop] = session.explain(denied?.requestId ?? -1)?.hops ?? [];
  expect(hop).toMatchObject({ status: 200, grpcStatus: 7 });
  expect(hop?.decisions.at(-1)).toMatchObject({ code: "response.sentGrpc", params: { grpcName: "PermissionDenied" } });
  const lines = session.report({ accessLog: 200 }).accessLog;
  const codes = new Set(lines.filter(({ PATH }) => PATH === "/pay.Pay/Slow").map((line) => line.GRPC_STATUS));
  expect([...codes]).toEqual(["Unavailable"]);
});

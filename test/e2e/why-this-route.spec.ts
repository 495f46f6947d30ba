/**
 * A bookshop with the kinds of config that Istio's Bookinfo samples have, ours: four services, one of them in three versions, a
 * Gateway, routes by header and by weight, a mirror, an outlier rule, an external host. One request is followed through "why".
 */
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: books, labels: { app: ${name} } }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 9080 }] }
`;
const workload = (name: string, version: string, calls = "") => `  - name: ${name}-${version}
    namespace: books
    service: ${name}
    labels: { app: ${name}, version: ${version} }
    behaviour: { serviceTime: { constant: 5ms }${calls} }
`;
const rule = (name: string, versions: readonly string[], policy = "") => `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: ${name}, namespace: books }
spec:
  host: ${name}
${policy}  subsets: [${versions.map((version) => `{ name: ${version}, labels: { version: ${version} } }`).join(", ")}]
`;
const call = (name: string) => `, calls: [{ to: 'http://${name}.books:9080/', forwardHeaders: true }]`;

const bookshop = [
  "apiVersion: v1\nkind: Namespace\nmetadata: { name: books, labels: { istio-injection: enabled } }\n",
  ...["page", "details", "reviews", "ratings"].map(service),
  rule("reviews", ["v1", "v2", "v3"], "  trafficPolicy: { outlierDetection: { consecutive5xxErrors: 3 } }\n"),
  rule("ratings", ["v1"], "  trafficPolicy: { connectionPool: { http: { http1MaxPendingRequests: 20 } } }\n"),
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: reviews, namespace: books }
spec:
  hosts: [reviews]
  http:
  - name: for-jason
    match: [{ headers: { end-user: { exact: jason } } }]
    route: [{ destination: { host: reviews, subset: v2 } }]
  - name: everybody
    route:
    - { destination: { host: reviews, subset: v1 }, weight: 80 }
    - { destination: { host: reviews, subset: v3 }, weight: 20 }
    mirror: { host: reviews, subset: v2 }
    mirrorPercentage: { value: 10 }
`,
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: ratings, namespace: books }
spec:
  hosts: [ratings]
  http:
  - match: [{ headers: { end-user: { exact: jason } } }]
    fault: { abort: { httpStatus: 500, percentage: { value: 100 } } }
    route: [{ destination: { host: ratings, subset: v1 } }]
  - route: [{ destination: { host: ratings, subset: v1 } }]
    timeout: 2s
    retries: { attempts: 2, perTryTimeout: 1s }
`,
  `apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: shop-front, namespace: books }
spec:
  selector: { istio: ingressgateway }
  servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: ['*'] }]
`,
  `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: shop-front, namespace: books }
spec:
  hosts: ['*']
  gateways: [shop-front]
  http: [{ match: [{ uri: { prefix: /page } }], route: [{ destination: { host: page, port: { number: 9080 } } }] }]
`,
  `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: catalogue, namespace: books }
spec:
  hosts: [api.books.example.com]
  location: MESH_EXTERNAL
  resolution: DNS
  ports: [{ number: 443, name: https, protocol: TLS }]
`,
  "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: { name: strict, namespace: books }\nspec: { mtls: { mode: STRICT } }\n",
  `apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: bookshop }
spec:
  seed: 1
  duration: 5s
  workloads:
${workload("page", "v1", call("reviews"))}${workload("details", "v1")}${workload("reviews", "v1")}${workload("reviews", "v2", call("ratings"))}${workload("reviews", "v3", call("ratings"))}${workload("ratings", "v1")}  traffic:
  - { name: visits, from: page-v1, to: 'http://reviews.books:9080/', headers: { end-user: jason }, rate: 10/s }
`,
].join("---\n");

for (const language of languages) {
  test(`why jason sees version 2, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    await sandbox.open();
    await sandbox.paste(bookshop);
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    await sandbox.runToEnd();

    await expect(sandbox.row("edges", "page-v1 → reviews")).toBeVisible();
    await region.getByRole("tab", { name: text("sandbox:tab.why") }).click();
    await region.getByRole("button", { name: text("sandbox:why.nextFailing") }).click();
    const why = region.getByRole("region", { name: text("sandbox:tab.why"), exact: true });
    await expect(why).toContainText("for-jason");
    await expect(why).toContainText("outbound|9080|v2|reviews.books.svc.cluster.local");
    await expect(why).toContainText("VirtualService");
  });
}

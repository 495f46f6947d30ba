/** Calls that a route leads round in a circle: the run ends with a notice that says so, and nobody is stuck there. */
import { axeFindings } from "./axe.ts";
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

const service = (name: string) => `apiVersion: v1
kind: Service
metadata: { name: ${name}, namespace: shop }
spec: { selector: { app: ${name} }, ports: [{ name: http, port: 80 }] }
---
`;

/** `a` calls `b`, whose requests are routed to this service. */
const world = (to: string) => `${["a", "b", "leaf"].map(service).join("")}apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b, namespace: shop }
spec: { hosts: [b], http: [{ route: [{ destination: { host: ${to} } }] }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: circle }
spec:
  duration: 20s
  workloads:
  - { name: client, namespace: shop }
  - name: a
    namespace: shop
    labels: { app: a }
    behaviour:
      serviceTime: { constant: 10ms }
      calls: [{ to: "http://b/" }]
  - { name: leaf, namespace: shop, labels: { app: leaf } }
  traffic:
  - { from: client, to: "http://a/", rate: 2/s, arrivals: constant }
`;
const lineOfCalls =
  world("a")
    .split("\n")
    .findIndex((line) => line.includes("calls:")) + 1;

for (const language of languages) {
  test(`a circle of calls ends the run with the way round, is left by going back and mended, in ${language}`, async ({
    page,
  }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    await sandbox.open();
    await sandbox.paste(world("a"));
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    await sandbox.runToEnd();

    const notice = region.getByRole("alert");
    const [, afterCircle = ""] = text("scenario:MESH1526", { circle: "@", limit: "@", ms: "@" }).split("@");
    const last = text("scenario:MESH1526", { circle: "@", limit: "@", ms: "@" }).split("@").at(-1) ?? "";
    await expect(notice).toContainText(`shop/a → shop/a${afterCircle}`);
    await expect(notice).toContainText(last);
    expect(await axeFindings(page)).toEqual([]);
    await notice.getByRole("button", { name: text("sandbox:editor.line", { line: lineOfCalls }) }).press("Enter");
    await expect(page.locator(".cm-activeLine")).toContainText("calls:");

    // Back in time it is not there yet; on from there it comes again.
    const slider = region.getByRole("slider", { name: text("sandbox:time.slider") });
    await slider.press("Home");
    await expect(notice).toHaveCount(0);
    await region.getByRole("button", { name: text("sandbox:run.run"), exact: true }).press("Enter");
    await expect(notice).toContainText("shop/a → shop/a", { timeout: 45_000 });

    // Mended, it runs to its end.
    await sandbox.paste(world("leaf"));
    await sandbox.apply();
    await expect(notice).toHaveCount(0);
    await sandbox.runToEnd();
    await expect(notice).toHaveCount(0);
    await expect(sandbox.row("workloads", "leaf")).toContainText("40");
  });
}

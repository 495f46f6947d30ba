/** Forms ask a worker for every edit. However long it takes: nothing is lost, nothing flickers, and what is pressed next means the edited text. */
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

const world = `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b }
spec:
  host: b
  subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec:
  hosts: [b]
  http:
  - route:
    - destination: { host: b, subset: v1 }
      weight: 90 # most
    - destination: { host: b, subset: v2 }
      weight: 10
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: split }
spec:
  duration: 60s
  workloads:
  - { name: a }
  - { name: b-v1, service: b, labels: { app: b, version: v1 } }
  - { name: b-v2, service: b, labels: { app: b, version: v2 } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 50/s }]
`;

const delayMs = 400;

for (const language of languages) {
  test(`edits by forms while the worker takes its time, in ${language}`, async ({ page }) => {
    await page.addInitScript((ms) => {
      const send = Worker.prototype.postMessage as (this: Worker, message: unknown) => void;
      Worker.prototype.postMessage = function (this: Worker, data: { message?: { type?: string } }) {
        if (!/^(?:readParts|editText)$/.test(data.message?.type ?? "")) return send.call(this, data);
        setTimeout(() => send.call(this, data), ms);
      };
    }, delayMs);
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const button = (key: Parameters<typeof text>[0]) => region.getByRole("button", { name: text(key), exact: true });
    const tab = (key: Parameters<typeof text>[0]) => region.getByRole("tab", { name: text(key), exact: true }).last();
    const box = (name: string) => region.getByRole("textbox", { name, exact: true });
    const choice = region.getByRole("combobox", { name: text("forms:choose"), exact: true });
    await sandbox.open();
    await sandbox.paste(world);
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();

    // Two fields one after the other and Apply at once: it applies both.
    await tab("forms:mode.forms").click();
    await choice.selectOption({ label: "VirtualService b" });
    const [stable, canary] = ["v1", "v2"].map((version) => box(text("forms:route.weight", { to: `b ${version}` })));
    await stable?.fill("60");
    await canary?.fill("40");
    await button("sandbox:editor.apply").click();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    await expect(stable ?? choice).toHaveValue("60");
    await tab("forms:mode.text").click();
    for (const line of ["weight: 60 # most", "weight: 40"]) await expect(page.locator(".cm-content")).toContainText(line);

    // What was chosen stays in sight while the text follows.
    await tab("forms:mode.forms").click();
    await choice.selectOption({ label: "DestinationRule b" });
    const policy = region.getByRole("combobox", { name: text("forms:balancer.policy"), exact: true });
    await policy.selectOption("ROUND_ROBIN");
    const seen = new Set<string>();
    for (let look = 0; look < 30; look++) {
      seen.add(await policy.inputValue());
      await page.waitForTimeout(delayMs / 5);
    }
    expect([...seen]).toEqual(["ROUND_ROBIN"]);

    // Undo right after an edit takes that edit back.
    await policy.selectOption("RANDOM");
    await region.getByRole("button", { name: new RegExp(`^${text("sandbox:time.undo")}`) }).click();
    await expect(policy).toHaveValue("ROUND_ROBIN");

    // Asked for twice, there is one; what is typed meanwhile stays.
    const name = box(text("forms:build.service"));
    await name.fill("cart");
    await name.press("Enter");
    await name.press("Enter");
    await name.fill("cart-two");
    await expect(region.getByText(text("forms:build.addedService", { name: "cart" }))).toBeVisible();
    await expect(name).toHaveValue("cart-two");
    const targets = region.getByRole("combobox", { name: text("forms:build.for"), exact: true }).getByRole("option");
    await expect(targets).toHaveText(["b", "cart"]);
  });
}

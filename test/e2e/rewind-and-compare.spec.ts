/** A run taken apart: rewound, branched, undone, read over time, asked for its next failure, held against another world. */
import { sandboxPage } from "./sandbox-page.ts";
import { expect, languages, test } from "./watched-page.ts";

const split = (weight: number) => `apiVersion: v1
kind: Service
metadata: { name: b }
spec: { selector: { app: b }, ports: [{ name: http, port: 80 }] }
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: b }
spec: { host: b, subsets: [{ name: v1, labels: { version: v1 } }, { name: v2, labels: { version: v2 } }] }
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: b }
spec: { hosts: [b], http: [{ route: [{ destination: { host: b, subset: v1 }, weight: ${100 - weight} }, { destination: { host: b, subset: v2 }, weight: ${weight} }] }] }
---
apiVersion: meshwise.dev/v1
kind: Experiment
metadata: { name: split }
spec:
  duration: 60s
  workloads:
  - { name: a }
  - { name: b-v1, service: b, labels: { app: b, version: v1 }, behaviour: { serviceTime: { exponential: 5ms } } }
  - { name: b-v2, service: b, labels: { app: b, version: v2 }, behaviour: { errors: { rate: 0.5, status: 503 } } }
  traffic: [{ name: t, from: a, to: "http://b/", rate: 50/s }]
`;

for (const language of languages) {
  test(`a run is rewound, branched, explained and compared, in ${language}`, async ({ page }) => {
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const button = (key: Parameters<typeof text>[0]) => region.getByRole("button", { name: text(key) }).first();
    await sandbox.open();
    await sandbox.paste(split(10));
    await sandbox.apply();
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();
    const slider = region.getByRole("slider", { name: text("sandbox:time.slider") });
    const moment = async () => Number(await slider.inputValue());
    // The slider moves in steps of 20 ms; a request is often nearer than that.
    const eventWords = text("sandbox:run.event", { number: "@" }).replace("@", "");
    const clock = region.getByRole("timer", { name: text("sandbox:run.clock") });
    const event = async () => Number(((await clock.textContent()) ?? "").split(eventWords)[1]?.replace(/\D/g, "") ?? Number.NaN);

    await region.getByRole("button", { name: text("sandbox:run.run"), exact: true }).click();
    await expect.poll(moment, { timeout: 20_000 }).toBeGreaterThan(2500);
    // The charts are live: they are there while it runs, not only when it stands.
    await expect(region.getByText(text("sandbox:charts.none"))).toHaveCount(0);
    await button("sandbox:run.pause").click();
    const reached = await moment();
    await expect.poll(event).toBeGreaterThan(0);
    const last = await event();

    // By keyboard: back through time, then one request and one event further back.
    await slider.press("Home");
    await expect.poll(moment).toBe(0);
    await slider.press("End");
    await expect.poll(moment).toBeGreaterThan(reached * 0.9);
    await slider.press("PageDown");
    await expect.poll(moment).toBeLessThan(reached);
    // The thumb moves at once; the run follows it.
    await expect.poll(event).toBeLessThan(last);
    const before = await event();
    await button("sandbox:run.backRequest").click();
    await expect.poll(event).toBeLessThan(before);
    const earlier = await event();
    // What was on its way at that moment is seen, though nothing moves.
    await expect(region.locator("canvas.graph-dots")).toHaveAttribute("data-dots", /^[1-9]/);
    await button("sandbox:run.backEvent").click();
    await expect.poll(event).toBe(earlier - 1);
    await expect(region.locator(".time-said")).not.toBeEmpty();

    // A change in the past begins another future; undo brings the old one back.
    await sandbox.paste(split(50));
    await sandbox.apply();
    const words = text("sandbox:time.branched", { from: "@", to: "@" }).split("@")[0] ?? "";
    await expect(region.locator(".time-said")).toContainText(words);
    await button("sandbox:time.undo").click();
    await expect(region.locator(".time-said")).not.toContainText(words);
    await slider.press("End");
    await expect.poll(moment).toBeGreaterThan(reached * 0.9);

    // The same points over time, as numbers.
    const charts = region.getByRole("region", { name: text("sandbox:charts.title") });
    await charts.getByText(text("sandbox:charts.table", { name: text("sandbox:charts.rate") })).click();
    await expect(charts.getByRole("table").getByRole("row")).not.toHaveCount(1);

    // The pointer over one chart asks all of them about one moment: what each says is its row of that time.
    const [rate, latency] = [charts.locator("figure").first(), charts.locator("figure").nth(2)];
    await latency.getByText(text("sandbox:charts.table", { name: text("sandbox:charts.latency") })).click();
    const cursor = charts.getByRole("slider", { name: text("sandbox:charts.moment") });
    const atNow = await cursor.inputValue();
    await latency.locator("canvas").hover({ position: { x: 40, y: 20 } });
    await expect(cursor).not.toHaveValue(atNow);
    const point = Number(await cursor.inputValue());
    const time = await rate.getByRole("rowheader").nth(point).textContent();
    await expect(latency.getByRole("rowheader").nth(point)).toHaveText(time ?? "");
    for (const figure of [rate, latency]) {
      const shown = await figure.locator(".chart-value b").first().textContent();
      const row = figure.getByRole("row").filter({ has: page.getByRole("rowheader", { name: time ?? "", exact: true }) });
      await expect(row.getByRole("cell").first()).toHaveText(shown ?? "");
    }

    // Two worlds: what runs against the text that asks for another split.
    const compare = region.getByRole("region", { name: text("sandbox:compare.title") });
    await compare.getByRole("combobox").selectOption("1");
    await compare.getByRole("button", { name: text("sandbox:compare.start"), exact: true }).click();
    await expect(compare.locator(".compare-divergence")).toContainText("b-v2 #0", { timeout: 45_000 });
    await expect(compare.getByRole("row", { name: text("sandbox:compare.equal") }).first()).toBeVisible();
    const compared = await compare.getByRole("row").count();

    // The next failing request: as a trace, and as the lines its proxies logged.
    await region
      .getByRole("tab", { name: text("sandbox:tab.why") })
      .last()
      .click();
    await button("sandbox:why.nextFailing").click();
    await expect(region.locator(".explanation tr[data-failed='true']").first()).toBeVisible({ timeout: 30_000 });
    await region.locator(".access-log summary").first().click();
    await expect(region.getByText("%RESPONSE_FLAGS%").first()).toBeVisible();

    // In the other language: the same run at the same moment, with the change made by hand, the same request explained, the comparison as
    // it came out, and what can be undone and made again.
    await slider.press("PageDown");
    const [left, lines] = [await moment(), await region.locator(".explanation tr").count()];
    await expect(button("sandbox:time.redo")).toBeEnabled();
    const there = sandboxPage(page, language === "en" ? "ru" : "en");
    await page.getByRole("link", { name: language === "en" ? "Русский" : "English" }).click();
    const carried = there.region.getByRole("slider", { name: there.text("sandbox:time.slider") });
    await expect.poll(async () => Number(await carried.inputValue()), { timeout: 20_000 }).toBe(left);
    await expect(there.region.locator(".explanation tr")).toHaveCount(lines);
    for (const key of ["sandbox:time.undo", "sandbox:time.redo"] as const) {
      await expect(there.region.getByRole("button", { name: there.text(key) }).first()).toBeEnabled();
    }
    await carried.press("End");
    await expect.poll(async () => Number(await carried.inputValue())).toBeGreaterThan(left);
    await there.region
      .getByRole("tab", { name: there.text("sandbox:tab.numbers") })
      .last()
      .click();
    await expect(there.region.locator(".compare-divergence")).toContainText("b-v2 #0");
    await expect(there.region.locator(".compare").getByRole("row")).toHaveCount(compared);
  });
}

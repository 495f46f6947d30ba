/**
 * The tasks, once by pointer and once by keyboard alone with reduced motion: three services in a chain, a canary, a fault and why
 * a request failed, back in time, another world beside it, a link that a fresh profile opens. The text keeps all of it. The keyboard takes
 * at most half as many steps again as the pointer, and those who see no dots are told the same.
 */
import { axeFindings } from "./axe.ts";
import { type Hand, keyboard, pointer } from "./hands.ts";
import { cell, sandboxPage } from "./sandbox-page.ts";
import { expect, test } from "./watched-page.ts";

// One after the other: the second is held against the first.
test.describe.configure({ mode: "serial" });
let byPointer = 0;

for (const [way, language] of [
  ["pointer", "en"],
  ["keyboard", "ru"],
] as const) {
  test(`a chain is built, broken, explained, rewound, compared and shared by ${way}, in ${language}`, async ({
    page,
    browser,
  }) => {
    const still = way === "keyboard";
    if (still) await page.emulateMedia({ reducedMotion: "reduce" });
    const hand: Hand = still ? keyboard(page) : pointer();
    const sandbox = sandboxPage(page, language);
    const { text, region } = sandbox;
    const button = (key: Parameters<typeof text>[0]) => region.getByRole("button", { name: text(key), exact: true });
    const tab = (key: Parameters<typeof text>[0]) => region.getByRole("tab", { name: text(key), exact: true }).last();
    const list = (key: Parameters<typeof text>[0]) => region.getByRole("combobox", { name: text(key), exact: true });
    await sandbox.open();
    await hand.press(button("sandbox:editor.clear"));
    await hand.open(tab("forms:mode.forms"));

    for (const service of ["shop", "cart", "payments"]) {
      await hand.write(region.getByRole("textbox", { name: text("forms:build.service"), exact: true }), service);
      await expect(region.getByText(text("forms:build.addedService", { name: service }))).toBeVisible();
    }
    await hand.choose(list("forms:build.for"), "payments");
    await hand.press(region.getByRole("button", { name: text("forms:build.version", { weight: 10 }), exact: true }));
    await hand.choose(list("forms:choose"), "VirtualService payments");
    const weight = region.getByRole("textbox", { name: text("forms:route.weight", { to: "payments v2" }), exact: true });
    await hand.write(weight, "30");
    await hand.press(button("sandbox:editor.apply"));
    await expect(region.getByText(text("sandbox:editor.current"))).toBeVisible();

    // The text is what the forms wrote, and completion knows its names.
    await hand.open(tab("forms:mode.text"));
    await expect(page.locator(".cm-content")).toContainText("kind: Service");

    await hand.open(tab("faults:tab"));
    await hand.choose(list("faults:what"), text("faults:kind.errors"));
    await hand.choose(list("faults:workload"), "payments-v2");
    await hand.press(button("faults:do"));
    const strip = region.getByRole("list", { name: text("faults:running"), exact: true });
    await expect(strip.getByRole("listitem")).toContainText(`${text("faults:kind.errors")} · payments-v2`);
    // Control plane and CA, beside the graph and among its tables.
    await button("sandbox:control.title").press("Enter");
    const planes = page.locator(".graph-card-control .graph-stop");
    await expect(planes.first()).toHaveAttribute("aria-label", new RegExp(`^istiod, ${text("sandbox:control.state.healthy")}`));
    if (language === "en") expect(await axeFindings(page)).toEqual([]);
    await button("sandbox:graph.asTables").press("Enter");
    await expect(region.getByRole("table", { name: text("sandbox:control.table") })).toContainText("payments-v2");
    await button("sandbox:graph.asTables").press("Enter");
    await button("sandbox:control.title").press("Enter");
    await expect(planes).toHaveCount(0);
    await hand.press(region.getByRole("button", { name: new RegExp(`^${text("faults:write")} .`) }));
    await expect(region.getByText(text("faults:written"))).toBeVisible();

    await hand.open(tab("sandbox:tab.numbers"));
    await hand.press(button("sandbox:run.run"));
    const workloads = region.getByRole("table", { name: text("sandbox:numbers.workloads") });
    const requests = text("sandbox:column.requests");
    const count = async () =>
      Number((await cell(workloads, sandbox.row("workloads", "payments-v2"), requests)).replace(/\D/g, ""));
    await expect.poll(count, { timeout: 30_000 }).toBeGreaterThan(10);

    // What moves is told without moving: the list of steps says who sent what, and the picture's words carry the numbers.
    const steps = region.getByRole("region", { name: text("sandbox:steps.title") });
    await hand.press(button("sandbox:run.pause"));
    await hand.press(button("sandbox:run.stepRequest"));
    // The one that ended first may have begun before the pause.
    for (let more = 0; more < 20 && !(await steps.textContent())?.includes(text("sandbox:message.request")); more++)
      await button("sandbox:run.stepRequest").press("Enter");
    for (const kind of ["request", "response"] as const) await expect(steps).toContainText(text(`sandbox:message.${kind}`));
    await expect(steps).toContainText("→ shop");
    await expect(page.locator("canvas.graph-dots")).toHaveCount(still ? 0 : 1);
    const edge = page.locator(".graph-edge.graph-stop").first();
    const edges = region.getByRole("table", { name: text("sandbox:numbers.edges") });
    const asked = await cell(edges, edges.getByRole("row").nth(1), requests);
    expect((await edge.getAttribute("aria-label"))?.replace(/\D/g, "")).toContain(asked.replace(/\D/g, ""));

    // Why a request failed: the next failing one, hop by hop.
    await hand.open(tab("sandbox:tab.why"));
    await hand.press(button("sandbox:why.nextFailing"));
    await expect(region.locator(".explanation tr[data-failed='true']").first()).toBeVisible({ timeout: 30_000 });

    // Back in time: what was on its way there is listed, and drawn for those who see it.
    const slider = region.getByRole("slider", { name: text("sandbox:time.slider") });
    const before = Number(await slider.inputValue());
    await hand.rewind(slider);
    await expect.poll(async () => Number(await slider.inputValue())).toBeLessThan(before);
    await expect(steps.getByRole("listitem")).not.toHaveCount(0);
    if (!still) await expect(page.locator("canvas.graph-dots")).toHaveAttribute("data-dots", /^[1-9]/);

    // Another world: the same arrivals with the other weight.
    await hand.open(tab("forms:mode.forms"));
    await hand.choose(list("forms:choose"), "VirtualService payments");
    await hand.write(weight, "60");
    await hand.open(tab("sandbox:tab.numbers"));
    const compare = region.getByRole("region", { name: text("sandbox:compare.title") });
    await hand.choose(compare.getByRole("combobox"), "1");
    await hand.press(compare.getByRole("button", { name: text("sandbox:compare.start"), exact: true }));
    await expect(compare.locator(".compare-divergence")).toContainText("payments-v2", { timeout: 45_000 });

    await hand.press(strip.getByRole("button"));
    await expect(strip).toHaveCount(0);

    // Cards stand where they are put, until the graph is laid out again.
    if (still) {
      const card = page.locator(".graph-card").last();
      const place = async () => (await card.locator(".card-body").getAttribute("x")) ?? "";
      const made = await place();
      await card.locator(".graph-stop").first().press("Shift+ArrowRight");
      await expect.poll(place).not.toBe(made);
      await button("sandbox:graph.layOutAgain").press("Enter");
      await expect.poll(place).toBe(made);
    }

    await hand.press(button("sandbox:share.button"));
    await expect.poll(() => page.evaluate(() => location.hash.length)).toBeGreaterThan(100);
    const fresh = await browser.newContext();
    const other = await fresh.newPage();
    await other.goto(page.url());
    const opened = sandboxPage(other, language).region;
    await expect(other.locator(".cm-content")).toBeVisible();
    await opened.getByRole("tab", { name: text("forms:mode.forms"), exact: true }).press("Enter");
    await expect(opened.getByRole("combobox", { name: text("forms:choose"), exact: true })).toContainText(
      "VirtualService payments",
    );
    await opened.getByRole("button", { name: text("sandbox:run.stepEvent"), exact: true }).press("Enter");
    const shared = opened.getByRole("list", { name: text("faults:running"), exact: true });
    await expect(shared.getByRole("listitem")).toContainText(`${text("faults:kind.errors")} · payments-v2`);
    await fresh.close();

    test.info().annotations.push({ type: "steps", description: String(hand.steps) });
    expect(hand.steps).toBeGreaterThan(25);
    if (still) expect(hand.steps).toBeLessThanOrEqual(1.5 * byPointer);
    else byPointer = hand.steps;
  });
}

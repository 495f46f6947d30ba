/** Plans made when the site is built run as those the mesh worker makes: the page may take either. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { type MeshAnswers, protocolVersion, readPlan } from "#protocol";
import { type RunPlan, startSession } from "#scenario";
import { levelFiles, preparedPlans } from "../../src/layouts/prepared-plans.ts";
import { asOneFile } from "../../src/ui/landing/canary-text.ts";
import { createMeshAnswerer, prepareFor } from "../../src/worker/answer-mesh.ts";
import { preparePlan } from "../../src/worker/prepare-plan.ts";

const scenarios = new URL("../../content/scenarios/", import.meta.url).pathname;
const events = process.env.MESHWISE_SPEED === "verify" ? 200_000 : 4000;

/** As it arrives at the simulation worker, by way of the page. */
async function fromWorker(files: { name: string; text: string }[]): Promise<RunPlan | null> {
  const question = { version: protocolVersion, id: 1, message: { type: "plan", files } };
  const answerer = createMeshAnswerer();
  answerer.believe(await prepareFor(question));
  const { message } = answerer.answer(question);
  return structuredClone(structuredClone((message as MeshAnswers["plan"]).plan));
}

function outcome(plan: RunPlan) {
  const session = startSession(plan, plan.experiment.seed, { series: true });
  session.run(undefined, events);
  return { hash: session.traceHash(), goal: session.goal(), report: session.report() };
}

test("the sandbox's own example", async () => {
  const read = (name: string) => readFileSync(new URL(`../../src/ui/landing/${name}`, import.meta.url), "utf8");
  const files = [asOneFile(["canary.yaml", "world.yaml"].map((name) => ({ name, text: read(name) })))];
  const prepared = readPlan(await preparePlan(files));
  const made = await fromWorker(files);
  expect(prepared).not.toBeNull();
  expect(prepared).toEqual(made);
  expect(outcome(prepared as RunPlan)).toEqual(outcome(made as RunPlan));
});

test("each level's start, as the page's bundler makes it; none where the start is refused", async () => {
  const quick = process.env.MESHWISE_SPEED === "check";
  const ids = readdirSync(scenarios).filter((_, index) => !quick || index % 10 === 0);
  const load = preparedPlans().load.bind({ environment: { name: "client" } });
  let planned = 0;
  for (const id of ids) {
    const code = await load(`${scenarios}${id}/start.yaml?plan`);
    const text: string = JSON.parse(/^export default (.*);$/s.exec(code ?? "")?.[1] ?? "null");
    const prepared = readPlan(text);
    const made = await fromWorker(levelFiles(`${scenarios}${id}`));
    expect(prepared, id).toEqual(made);
    if (!prepared || !made) continue;
    expect(outcome(prepared), id).toEqual(outcome(made));
    planned += 1;
  }
  expect(planned).toBeGreaterThan(ids.length / 2);
});

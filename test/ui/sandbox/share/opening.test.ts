import { expect, test } from "vitest";
import { noOutcomeTexts } from "../../../../src/ui/sandbox/level/level.ts";
import type { Draft } from "../../../../src/ui/sandbox/share/draft-store.ts";
import { chooseOpening, draftSlot } from "../../../../src/ui/sandbox/share/opening.ts";
import { encodeShareHash } from "../../../../src/ui/sandbox/share/share-link.ts";

const pageFiles = [{ name: "mesh.yaml", text: "page" }];
const levelFiles = [{ name: "start.yaml", text: "kind: Experiment\nspec:\n  seed: 4\n" }];
const levelPlan = async () => null;
const level = {
  start: levelFiles,
  texts: { title: "Known", task: [], hints: [] },
  loadPlan: levelPlan,
  loadOutcome: async () => noOutcomeTexts,
};
const linked = [{ name: "mesh.yaml", text: "linked" }];
const sharedHash = (scenario: string) => {
  const hash = encodeShareHash({ files: linked, seed: 99, scenario });
  return hash.ok ? hash.value : "";
};

function sources(part: { hash?: string; scenario?: string; drafts?: Record<string, Draft> }) {
  const { hash = "", scenario = "", drafts = {} } = part;
  return {
    hash,
    scenario,
    pageFiles,
    loadPagePlan: async () => null,
    loadLevel: async (id: string) => (id === "known" ? level : null),
    loadDraft: (slot: string) => drafts[slot] ?? null,
  };
}

test("page files, then a level, then the link, each with its own seed", async () => {
  expect(await chooseOpening(sources({}))).toMatchObject({ files: pageFiles, seed: 1, notice: null });
  expect(await chooseOpening(sources({ scenario: "known" }))).toMatchObject({ files: levelFiles, seed: 4, scenario: "known" });
  expect(await chooseOpening(sources({ hash: sharedHash("known"), scenario: "other" }))).toMatchObject({
    files: linked,
    seed: 99,
    scenario: "known",
    notice: null,
  });
});

test("a draft of the same place is restored, with a notice and a way back", async () => {
  const draft = { files: [{ name: "mesh.yaml", text: "mine" }], seed: 3 };
  expect(await chooseOpening(sources({ drafts: { free: draft } }))).toMatchObject({
    files: draft.files,
    seed: 3,
    original: pageFiles,
    notice: "restored",
  });
  expect(await chooseOpening(sources({ scenario: "known", drafts: { free: draft } }))).toMatchObject({ files: levelFiles });
});

test("a link does not overwrite the free draft: it has a slot of its own", () => {
  expect(draftSlot(sharedHash(""), "")).not.toBe(draftSlot("", ""));
  expect(draftSlot(sharedHash(""), "")).toBe(draftSlot(sharedHash(""), ""));
});

test("a bad link and an unknown level fall back and say so", async () => {
  expect(await chooseOpening(sources({ hash: "#s1.zzzz" }))).toMatchObject({ files: pageFiles, notice: "damaged" });
  expect(await chooseOpening(sources({ hash: "#s9.zzzz" }))).toMatchObject({ files: pageFiles, notice: "newerVersion" });
  expect(await chooseOpening(sources({ scenario: "nope" }))).toMatchObject({
    files: pageFiles,
    notice: "unknownLevel",
    scenario: "",
  });
});

test("a plan made before is for the files it was made of: not for a draft, nor for a link", async () => {
  const mine = { files: [{ name: "mesh.yaml", text: "mine" }], seed: 3 };
  const untouched = { files: levelFiles, seed: 3 };
  const planOf = async (part: Parameters<typeof sources>[0]) => (await chooseOpening(sources(part))).loadPlan;
  expect(await planOf({})).toBeDefined();
  expect(await planOf({ scenario: "known" })).toBe(levelPlan);
  expect(await planOf({ scenario: "known", drafts: { "level-known": untouched } })).toBe(levelPlan);
  expect(await planOf({ drafts: { free: mine } })).toBeUndefined();
  expect(await planOf({ hash: sharedHash("known") })).toBeUndefined();
});

import { expect, test } from "vitest";
import { createDraftStore } from "../../../../src/ui/sandbox/share/draft-store.ts";

function memoryStorage(): Storage {
  const items = new Map<string, string>();
  return {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  } as unknown as Storage;
}

const draft = (text: string) => ({ files: [{ name: "mesh.yaml", text }], seed: 2 });

test("a reload finds what was typed", () => {
  const storage = memoryStorage();
  createDraftStore(storage, "free", "tab-1").save(draft("a"));
  expect(createDraftStore(storage, "free", "tab-2").load()).toEqual(draft("a"));
});

test("levels keep apart", () => {
  const storage = memoryStorage();
  createDraftStore(storage, "level-a", "tab-1").save(draft("a"));
  expect(createDraftStore(storage, "level-b", "tab-1").load()).toBeNull();
});

test("a second tab does not overwrite in silence; the reader chooses", () => {
  const storage = memoryStorage();
  const first = createDraftStore(storage, "free", "tab-1");
  const second = createDraftStore(storage, "free", "tab-2");
  first.load();
  second.load();
  expect(first.save(draft("first"))).toBe("saved");
  expect(second.save(draft("second"))).toBe("conflict");
  expect(first.load()).toEqual(draft("first"));
  expect(second.overwrite(draft("second"))).toBe("saved");
  expect(first.save(draft("first again"))).toBe("conflict");
});

test("a tab that merely shows what another one wrote does not take it over", () => {
  const storage = memoryStorage();
  const first = createDraftStore(storage, "free", "tab-1");
  first.save(draft("first"));
  const second = createDraftStore(storage, "free", "tab-2");
  expect(second.save(second.load() ?? draft(""))).toBe("saved");
  expect(first.save(draft("first goes on"))).toBe("saved");
  expect(second.save(draft("second"))).toBe("conflict");
});

test("going back to the start discards one's own draft and no other", () => {
  const storage = memoryStorage();
  const [first, second] = ["tab-1", "tab-2"].map((owner) => createDraftStore(storage, "free", owner));
  if (!first || !second) throw new Error("two tabs");
  second.load();
  first.save(draft("first"));
  expect(second.discard()).toBe("conflict");
  expect(first.load()).toEqual(draft("first"));
  expect(first.discard()).toBe("saved");
  expect(first.load()).toBeNull();
});

test("a full or forbidden storage is reported, a damaged slot is ignored", () => {
  const full = {
    ...memoryStorage(),
    setItem: () => {
      throw new Error("QuotaExceededError");
    },
  } as unknown as Storage;
  expect(createDraftStore(full, "free", "t").save(draft("a"))).toBe("failed");
  expect(createDraftStore(null, "free", "t").save(draft("a"))).toBe("failed");
  const storage = memoryStorage();
  storage.setItem("meshwise.sandbox.free", "{not json");
  expect(createDraftStore(storage, "free", "t").load()).toBeNull();
});

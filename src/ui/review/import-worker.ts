/**
 * Reads a chosen file away from the page's thread, says what it would bring, and merges it when told to. Until then nothing
 * is written; ending the worker forgets the file.
 */
import wasmUrl from "sql.js/dist/sql-wasm-browser.wasm?url";
import {
  type CardStore,
  createScheduler,
  defaultDeckOptions,
  importFile,
  loadPracticeSettings,
  localDayClock,
  type MergePart,
  openCardStore,
  plainText,
  showCloze,
} from "#cards";
import type { ImportAnswer, ImportOrder } from "./import-order.ts";

const scheduler = createScheduler(defaultDeckOptions, localDayClock());
const exampleCount = 5;
const exampleLength = 140;

let store: CardStore | undefined;
let read: MergePart | undefined;

addEventListener("message", async ({ data }: MessageEvent<ImportOrder>) => {
  try {
    postMessage(data.kind === "read" ? await preview(data) : await merge(data));
  } catch (error) {
    postMessage({ kind: "refused", failure: { code: "Unexpected", values: { detail: String(error) } } } satisfies ImportAnswer);
  }
});

async function preview({ file, ownSlugs, lang }: ImportOrder & { kind: "read" }): Promise<ImportAnswer> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const deck = await importFile(bytes, { scheduler, nowMs: Date.now() }, new URL(wasmUrl, location.href).href);
  if (!deck.ok) return { kind: "refused", failure: deck.error };
  const { notes, log, edits, settings, media, progress } = deck.value;
  read = { notes, log, edits, settings, media, progress, ownSlugs };
  const { options } = await loadPracticeSettings();
  store = await openCardStore({ scheduler: createScheduler(options, localDayClock()) });
  const summary = await store.previewMerge(read);
  if (!summary.ok) return { kind: "storeFailed", failure: summary.error };
  const others = deck.value.notes.filter(({ slug }) => !ownSlugs.has(slug));
  const examples = others.slice(0, exampleCount).map((note) => {
    const text = plainText(note.type === "cloze" ? showCloze(note.frontHtml, -1, "answer") : note.frontHtml);
    return text.length > exampleLength ? `${text.slice(0, exampleLength)}…` : text;
  });
  const otherLanguage = others.filter((note) => note.lang !== lang).length;
  return { kind: "preview", preview: { summary: summary.value, notices: deck.value.notices, examples, otherLanguage } };
}

async function merge({ bringBack }: ImportOrder & { kind: "merge" }): Promise<ImportAnswer> {
  if (!store || !read) throw new Error("nothing was read");
  const summary = await store.merge(bringBack ? { ...read, bringBackAtMs: Date.now() } : read);
  store.close();
  return summary.ok ? { kind: "merged", summary: summary.value } : { kind: "storeFailed", failure: summary.error };
}

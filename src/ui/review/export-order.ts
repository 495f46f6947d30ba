/** Asks the worker for a package and hands it to the learner as a download. What travels between the two is plain data. */
import { err, ok, type Result } from "#base";
import { type ApkgFile, type ApkgRequest, applyEdits, type CardStore, mediaNamesIn, type Note } from "#cards";

/** Everything but the clock, which cannot be sent: the worker has the same one. */
export type ExportOrder = Omit<ApkgRequest, "clock">;
export type ExportAnswer = Result<ApkgFile, string>;

/** Notes as the learner has worded them and all progress of the store → the package; the error is a text for a report, not for the learner alone. */
export async function orderPackage(notes: readonly Note[], store: CardStore, nowMs: number): Promise<ExportAnswer> {
  const [schedules, log, edits, settings] = await Promise.all([store.schedules(), store.log(), store.edits(), store.settings()]);
  if (!schedules.ok) return err(schedules.error.detail || schedules.error.code);
  if (!log.ok) return err(log.error.detail || log.error.code);
  if (!edits.ok) return err(edits.error.detail || edits.error.code);
  if (!settings.ok) return err(settings.error.detail || settings.error.code);
  const worded = applyEdits(notes, edits.value);
  const files = await store.media(worded.flatMap(({ frontHtml, backHtml }) => mediaNamesIn(frontHtml + backHtml)));
  if (!files.ok) return err(files.error.detail || files.error.code);
  return askWorker({
    notes: worded,
    media: new Map(files.value.map(({ name, bytes }) => [name, bytes])),
    schedules: schedules.value,
    log: log.value,
    options: settings.value.options,
    nowMs,
  });
}

function askWorker(order: ExportOrder): Promise<ExportAnswer> {
  const worker = new Worker(new URL("./export-worker.ts", import.meta.url), { type: "module" });
  return new Promise<ExportAnswer>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<ExportAnswer>) => resolve(data.ok ? ok(data.value) : err(data.error));
    worker.onerror = (event) => resolve(err(event.message || "worker"));
    worker.postMessage(order);
  }).finally(() => worker.terminate());
}

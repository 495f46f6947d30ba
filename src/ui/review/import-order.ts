/** Talks to the import worker: one file a worker, read first, merged only when told. What travels is plain data. */
import {
  type CardLanguage,
  type ImportFailure,
  type ImportNotice,
  importLimits,
  type MergeSummary,
  type StoreFailure,
} from "#cards";

export interface ImportPreview {
  summary: MergeSummary;
  notices: readonly ImportNotice[];
  /** Plain text of the first notes that are not the site's. */
  examples: readonly string[];
  otherLanguage: number;
}

export type ImportOrder =
  | { kind: "read"; file: Blob; ownSlugs: ReadonlySet<string>; lang: CardLanguage }
  | { kind: "merge"; bringBack: boolean };

export type ImportAnswer =
  | { kind: "preview"; preview: ImportPreview }
  | { kind: "merged"; summary: MergeSummary }
  | { kind: "refused"; failure: ImportFailure }
  | { kind: "storeFailed"; failure: StoreFailure };

export interface PackageImport {
  read(file: Blob, ownSlugs: ReadonlySet<string>, lang: CardLanguage): Promise<ImportAnswer>;
  /** @param bringBack notes that were deleted here as well */
  merge(bringBack: boolean): Promise<ImportAnswer>;
  /** Forgets the file. */
  end(): void;
}

/** Past the reader's own limit: a worker that hangs is ended from outside. */
const patienceMs = importLimits.readMs + 30_000;

export function startImport(): PackageImport {
  const worker = new Worker(new URL("./import-worker.ts", import.meta.url), { type: "module" });
  const ask = (order: ImportOrder) =>
    new Promise<ImportAnswer>((resolve) => {
      const refuse = (failure: ImportFailure) => {
        worker.terminate();
        resolve({ kind: "refused", failure });
      };
      const timer = setTimeout(() => refuse({ code: "TimedOut", values: {} }), patienceMs);
      worker.onmessage = ({ data }: MessageEvent<ImportAnswer>) => {
        clearTimeout(timer);
        resolve(data);
      };
      worker.onerror = ({ message }) => {
        clearTimeout(timer);
        refuse({ code: "Unexpected", values: { detail: message || "worker" } });
      };
      worker.postMessage(order);
    });
  return {
    async read(file, ownSlugs, lang) {
      const limitMiB = importLimits.fileBytes / (1 << 20);
      if (file.size > importLimits.fileBytes) return { kind: "refused", failure: { code: "FileTooLarge", values: { limitMiB } } };
      return ask({ kind: "read", file, ownSlugs, lang });
    },
    merge: (bringBack) => ask({ kind: "merge", bringBack }),
    end: () => worker.terminate(),
  };
}

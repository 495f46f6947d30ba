/**
 * A sync with Anki without a screen: connect, look, choose, run. Each step can be cancelled; what it had done stays. The
 * components draw `view()` and decide nothing.
 */
import type { Result } from "#base";
import {
  type AnkiClient,
  type AnkiFailure,
  type AnkiTransport,
  askPermission,
  cautiousChoices,
  createAnkiClient,
  type PackageTool,
  runSync,
  type Scheduler,
  type SyncChoices,
  type SyncHost,
  type SyncPhase,
  type SyncReport,
} from "#cards";

export interface SyncProgress {
  phase: SyncPhase;
  done: number;
  total: number;
}

export type AnkiView =
  | { phase: "idle"; failure?: AnkiFailure | undefined; cancelled?: boolean }
  | { phase: "connecting"; dialog: boolean }
  | { phase: "needsKey"; failure?: AnkiFailure | undefined }
  | { phase: "looking" | "running"; progress: SyncProgress }
  | { phase: "plan"; report: SyncReport }
  | { phase: "done"; report: SyncReport };

export interface AnkiSession {
  view(): AnkiView;
  subscribe(listener: () => void): () => void;
  connect(): Promise<void>;
  useKey(key: string): Promise<void>;
  look(): Promise<void>;
  run(choices: Partial<SyncChoices>): Promise<void>;
  cancel(): void;
}

export interface AnkiSessionParts {
  transport: AnkiTransport;
  host: SyncHost;
  tool: PackageTool;
  scheduler: Scheduler;
  now(): number;
}

export function createAnkiSession({ transport, host, tool, scheduler, now }: AnkiSessionParts): AnkiSession {
  let view: AnkiView = { phase: "idle" };
  let apiKey: string | undefined;
  let running: AbortController | undefined;
  const listeners = new Set<() => void>();

  const show = (next: AnkiView) => {
    view = next;
    for (const listener of listeners) listener();
  };

  /** Only the newest step draws: one that was cancelled ends in silence. */
  function begin(): { client: AnkiClient; isCurrent: () => boolean } {
    running?.abort();
    const controller = new AbortController();
    running = controller;
    const { signal } = controller;
    return { client: createAnkiClient({ transport, apiKey, signal }), isCurrent: () => running === controller };
  }

  function fail(failure: AnkiFailure): void {
    if (failure.code === "BadApiKey") show({ phase: "needsKey", ...(apiKey === undefined ? {} : { failure }) });
    else show({ phase: "idle", failure });
  }

  async function work(phase: "looking" | "running", choices: SyncChoices): Promise<void> {
    const { client, isCurrent } = begin();
    const onProgress = (step: SyncPhase, done: number, total: number) => {
      if (isCurrent()) show({ phase, progress: { phase: step, done, total } });
    };
    onProgress(phase === "looking" ? "pull" : "ankiWeb", 0, 1);
    const result: Result<SyncReport, AnkiFailure> = await runSync({ client, host, tool, scheduler, choices, now, onProgress });
    if (!isCurrent()) return;
    if (!result.ok) fail(result.error);
    else show({ phase: phase === "looking" ? "plan" : "done", report: result.value });
  }

  const look = () => work("looking", { ...cautiousChoices, dryRun: true });

  return {
    view: () => view,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async connect() {
      const { client, isCurrent } = begin();
      show({ phase: "connecting", dialog: false });
      const connected = await askPermission(client, () => {
        if (isCurrent() && view.phase === "connecting") show({ phase: "connecting", dialog: true });
      });
      if (!isCurrent()) return;
      if (!connected.ok) return fail(connected.error);
      if (connected.value.needsApiKey && apiKey === undefined) return show({ phase: "needsKey" });
      await look();
    },
    async useKey(key) {
      apiKey = key;
      await look();
    },
    look,
    run: (choices) => work("running", { ...cautiousChoices, ...choices }),
    cancel() {
      const wasRunning = view.phase === "running";
      running?.abort();
      running = undefined;
      show(wasRunning ? { phase: "idle", failure: { code: "Cancelled", values: {} } } : { phase: "idle", cancelled: true });
    },
  };
}

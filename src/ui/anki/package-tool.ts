/** The page's end of package-worker.ts: a worker for each package, gone when it is done. What travels is plain data. */
import { AnkiRefusal, type PackageTool } from "#cards";

type Written = Awaited<ReturnType<PackageTool["write"]>>;
type Read = Awaited<ReturnType<PackageTool["read"]>>;

export type ToolOrder = { kind: "read"; file: Uint8Array } | { kind: "write"; request: Parameters<PackageTool["write"]>[0] };
export type ToolAnswer = { kind: "read"; result: Read } | { kind: "written"; file: Written } | { kind: "failed"; detail: string };

export function createWorkerTool(): PackageTool {
  return {
    async read(file) {
      const answer = await ask({ kind: "read", file });
      return answer.kind === "read" ? answer.result : refuse(answer);
    },
    async write(request) {
      const answer = await ask({ kind: "write", request });
      return answer.kind === "written" ? answer.file : refuse(answer);
    },
  };
}

function ask(order: ToolOrder): Promise<ToolAnswer> {
  const worker = new Worker(new URL("./package-worker.ts", import.meta.url), { type: "module" });
  return new Promise<ToolAnswer>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<ToolAnswer>) => resolve(data);
    worker.onerror = ({ message }) => resolve({ kind: "failed", detail: message || "worker" });
    worker.postMessage(order);
  }).finally(() => worker.terminate());
}

function refuse(answer: ToolAnswer): never {
  throw new AnkiRefusal("StoreFailed", { detail: answer.kind === "failed" ? answer.detail : answer.kind });
}

/** Whether something that came over the wire is a message of this version. Shape only: contents are trusted to the sender. */
import { type Envelope, protocolVersion, type WorkerRequest, type WorkerResponse } from "./messages.ts";

const requestTypes: ReadonlySet<string> = new Set<WorkerRequest["type"]>([
  "open",
  "lint",
  "advance",
  "step",
  "seek",
  "applyFiles",
  "applyChange",
  "explain",
  "report",
]);

const responseTypes: ReadonlySet<string> = new Set<WorkerResponse["type"]>([
  "opened",
  "refused",
  "linted",
  "frame",
  "applied",
  "explained",
  "reported",
  "crashed",
]);

export function isWorkerRequest(data: unknown): data is Envelope<WorkerRequest> {
  return isEnvelope(data, requestTypes);
}

export function isWorkerResponse(data: unknown): data is Envelope<WorkerResponse> {
  return isEnvelope(data, responseTypes);
}

/** Why a message was refused: a page and a worker of different builds meet after a deployment. */
export function envelopeFault(data: unknown): "notAnEnvelope" | "otherVersion" | "unknownType" {
  if (typeof data !== "object" || data === null || !("version" in data)) return "notAnEnvelope";
  return data.version === protocolVersion ? "unknownType" : "otherVersion";
}

function isEnvelope(data: unknown, types: ReadonlySet<string>): boolean {
  if (typeof data !== "object" || data === null) return false;
  const { version, id, message } = data as Partial<Envelope<{ type?: unknown }>>;
  if (version !== protocolVersion || typeof id !== "number") return false;
  return typeof message === "object" && message !== null && typeof message.type === "string" && types.has(message.type);
}

/** Whether something that came over the wire is a message of this version. Shape only: contents are trusted to the sender. */
import { type Envelope, type MeshRequest, protocolVersion, type SimulationRequest, type WorkerResponse } from "./messages.ts";

const meshTypes: ReadonlySet<string> = new Set<MeshRequest["type"]>([
  "lint",
  "plan",
  "planChange",
  "planAction",
  "complete",
  "describe",
  "countEdits",
  "readParts",
  "editText",
]);

const simulationTypes: ReadonlySet<string> = new Set<SimulationRequest["type"]>([
  "open",
  "advance",
  "move",
  "step",
  "travel",
  "change",
  "explain",
  "series",
  "compare",
  "report",
  "export",
]);

const responseTypes: ReadonlySet<string> = new Set<WorkerResponse["type"]>([
  "linted",
  "planned",
  "changePlanned",
  "actionPlanned",
  "completed",
  "described",
  "editsCounted",
  "partsRead",
  "textEdited",
  "frame",
  "moved",
  "explained",
  "series",
  "compared",
  "reported",
  "exported",
  "crashed",
]);

export function isMeshRequest(data: unknown): data is Envelope<MeshRequest> {
  return isEnvelope(data, meshTypes);
}

export function isSimulationRequest(data: unknown): data is Envelope<SimulationRequest> {
  return isEnvelope(data, simulationTypes);
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

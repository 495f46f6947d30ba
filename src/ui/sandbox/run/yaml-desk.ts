/** What forms know of YAML: this thread has no parser, so texts are read and edited by the mesh worker. What was read last is remembered. */
import type { YamlEdit, YamlPart } from "#mesh";
import type { MeshAnswers, MeshRequest } from "#protocol";
import type { WorkerLane } from "./worker-lane.ts";

export interface YamlDesk {
  /** @returns null where the worker is lost */
  readParts(text: string): Promise<readonly YamlPart[] | null>;
  /** @returns the whole new text; null where it must be edited by hand, or the worker is lost */
  editText(text: string, edit: YamlEdit): Promise<string | null>;
}

const remembered = 8;

export function createYamlDesk(mesh: Pick<WorkerLane<MeshRequest, MeshAnswers>, "ask">): YamlDesk {
  const known = new Map<string, readonly YamlPart[]>();
  return {
    async readParts(text) {
      const parts = known.get(text) ?? (await mesh.ask({ type: "readParts", text }))?.parts;
      if (!parts) return null;
      known.delete(text);
      known.set(text, parts);
      for (const oldest of known.keys()) if (known.size > remembered) known.delete(oldest);
      return parts;
    },
    async editText(text, edit) {
      return (await mesh.ask({ type: "editText", text, edit }))?.text ?? null;
    },
  };
}

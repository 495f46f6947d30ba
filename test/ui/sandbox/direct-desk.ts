/** The desk without a thread between: the mesh worker's own answers, at once. */
import { protocolVersion } from "#protocol";
import { createYamlDesk } from "../../../src/ui/sandbox/run/yaml-desk.ts";
import { createMeshAnswerer } from "../../../src/worker/answer-mesh.ts";

const answerer = createMeshAnswerer();

export const directDesk = createYamlDesk({
  ask: async (message) =>
    answerer.answer({ version: protocolVersion, id: 1, message: structuredClone(message) }).message as never,
});

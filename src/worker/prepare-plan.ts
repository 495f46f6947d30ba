/**
 * What the mesh worker will answer to `plan`, asked when the site is built: with it the page runs its own files before that worker is
 * there. Node only.
 */
import type { MeshFile } from "#mesh";
import { type MeshAnswers, protocolVersion, writePlan } from "#protocol";
import { createMeshAnswerer, prepareFor } from "./answer-mesh.ts";

/** @returns empty where the files are refused: then the page asks the worker itself, which says why. */
export async function preparePlan(files: MeshFile[]): Promise<string> {
  const question = { version: protocolVersion, id: 1, message: { type: "plan", files } };
  const answerer = createMeshAnswerer();
  answerer.believe(await prepareFor(question));
  const { message } = answerer.answer(question);
  if (message.type === "crashed") throw new Error(message.message);
  const { plan } = message as MeshAnswers["plan"];
  return plan ? writePlan(plan) : "";
}

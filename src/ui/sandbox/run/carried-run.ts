/** A run taken to the page's twin in the other language: written as text, and run there again to the same moment. */
import { parse, stringify } from "devalue";
import type { MeshFile } from "#mesh";
import { sameFiles } from "../share/opening.ts";
import type { LoadPlan, RunController } from "./run-controller.ts";
import type { World } from "./world.ts";

/** The files stand for the plan, which is made of them anew. */
interface CarriedRun extends Omit<World, "opened"> {
  files: readonly MeshFile[];
  speed: number;
  running: boolean;
  chosen: number | null;
}

/** @returns as devalue writes it (a configuration has numbers for which JSON has no word); undefined where nothing runs */
export function packRun(controller: RunController): string | undefined {
  const world = controller.world();
  if (!world) return undefined;
  const { speed, running, chosen } = controller.getState();
  const { opened, ...rest } = world;
  const run: CarriedRun = { ...rest, files: opened.files, speed, running, chosen };
  return stringify(run);
}

/**
 * @param prepared files whose plan was made before, and where it is
 * @returns false where these files are refused now
 */
export async function resumeRun(
  controller: RunController,
  text: string,
  prepared?: { files: readonly MeshFile[]; loadPlan?: LoadPlan | undefined },
): Promise<boolean> {
  const { files, seed, changes, at, reached, speed, running, chosen } = parse(text) as CarriedRun;
  controller.setSpeed(speed);
  const loadPlan = prepared && sameFiles(prepared.files, files) ? prepared.loadPlan : undefined;
  if (!(await controller.open(files, seed, loadPlan))) return false;
  const world = controller.world();
  if (!world) return false;
  await controller.goTo({ ...world, changes, at, reached });
  if (chosen !== null) await controller.explain(chosen);
  if (running) controller.run();
  return true;
}

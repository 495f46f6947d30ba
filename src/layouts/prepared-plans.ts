/** A Vite plugin: `start.yaml?plan` of a level is the plan of its files as text, in a chunk of its own. */
import { readFileSync } from "node:fs";
import { levelFileNames } from "../ui/sandbox/level/level.ts";
import { preparePlan } from "../worker/prepare-plan.ts";

const query = "?plan";

/** A level's files under the names they have in the editor. */
export function levelFiles(folder: string): { name: string; text: string }[] {
  return [levelFileNames.mesh, levelFileNames.experiment].map((name) => ({
    name,
    text: readFileSync(`${folder}/${name}`, "utf8"),
  }));
}

export function preparedPlans() {
  return {
    name: "meshwise:prepared-plans",
    enforce: "pre" as const,
    async load(this: { environment: { name: string } }, id: string): Promise<string | undefined> {
      if (!id.endsWith(`/${levelFileNames.mesh}${query}`)) return undefined;
      // On the server nothing runs.
      const folder = id.slice(0, -`/${levelFileNames.mesh}${query}`.length);
      const text = this.environment.name === "client" ? await preparePlan(levelFiles(folder)) : "";
      return `export default ${JSON.stringify(text)};`;
    },
  };
}

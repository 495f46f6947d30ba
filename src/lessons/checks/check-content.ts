/** The Astro integration that refuses to build a site from content or texts with faults. */
import { catalogueFaults } from "#i18n";
import { contentFolder } from "../content-folder.ts";
import { isUnfinishedAllowed } from "../strictness.ts";
import { translationFaults } from "../translations/stamps.ts";
import { contentFaults } from "./content-faults.ts";

export function checkContent() {
  return {
    name: "meshwise:check-content",
    hooks: {
      "astro:build:start": ({ logger }: { logger: { warn(text: string): void } }) => {
        const faults = [...catalogueFaults(), ...contentFaults(), ...translationFaults(contentFolder)];
        if (faults.length === 0) return;
        if (!isUnfinishedAllowed())
          throw new Error(
            `The content has ${faults.length} faults (to build all the same: MESHWISE_UNFINISHED=1):\n${faults.join("\n")}`,
          );
        for (const fault of faults) logger.warn(fault);
      },
    },
  };
}

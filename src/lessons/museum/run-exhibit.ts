/** Runs an exhibit's reproduction and says whether it shows what the exhibit claims. */
import { loadEnvoyDialect } from "#mesh";
import { type GoalCheck, openSession } from "#scenario";
import type { Exhibit } from "./museum.ts";

// Some exhibits are bootstraps.
await loadEnvoyDialect();

export interface ExhibitRun {
  checks: readonly GoalCheck[];
  /** Codes the linter was to report and did not. */
  missingCodes: string[];
  /** What keeps it from running. */
  refused: string[];
  /** There is something to check, and all of it holds. */
  holds: boolean;
}

/** The name of the one file in the sandbox. */
export const exhibitFile = "exhibit.yaml";

/** @param seed the experiment's own when left out */
export function runExhibit(exhibit: Pick<Exhibit, "experiment" | "lint">, seed?: number): ExhibitRun {
  const opened = openSession([{ name: exhibitFile, text: exhibit.experiment }], seed === undefined ? {} : { seed });
  if (!opened.ok) {
    const errors = opened.diagnostics.filter(({ severity }) => severity === "error");
    return { checks: [], missingCodes: [], refused: errors.map(({ code, path }) => `${code} ${path}`), holds: false };
  }
  opened.session.run();
  const { checks } = opened.session.report().goal;
  const reported = new Set(opened.diagnostics.map(({ code }) => code));
  const missingCodes = exhibit.lint.filter((code) => !reported.has(code));
  const holds = checks.length + exhibit.lint.length > 0 && missingCodes.length === 0 && checks.every(({ passed }) => passed);
  return { checks, missingCodes, refused: [], holds };
}

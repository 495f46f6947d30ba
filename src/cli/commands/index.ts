/** Every command, loaded when it is asked for, so that `lint` starts without the packages of the others. */
import type { Command } from "../command.ts";

export const commands: Readonly<Record<string, () => Promise<Command>>> = {
  lint: async () => (await import("./lint.ts")).command,
  routes: async () => (await import("./routes.ts")).command,
  xds: async () => (await import("./xds.ts")).command,
  simulate: async () => (await import("./simulate.ts")).command,
  sweep: async () => (await import("./sweep.ts")).command,
  notes: async () => (await import("./notes.ts")).command,
  deck: async () => (await import("./deck.ts")).command,
  anki: async () => (await import("./anki.ts")).command,
  fsrs: async () => (await import("./fsrs.ts")).command,
};

/** Commands for which `--lang en|ru|all` chooses what they work on; messages follow it where it names one language. */
export const commandsWithOwnLang: ReadonlySet<string> = new Set(["deck", "anki"]);

/** Calls the command line as a program would, with its output in hand. */
import { runCli } from "../../src/cli/run-cli.ts";

export async function callCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = { LANG: "en_US.UTF-8" },
): Promise<{ code: number; out: string; err: string }> {
  let out = "";
  let err = "";
  const code = await runCli(args, {
    environment,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

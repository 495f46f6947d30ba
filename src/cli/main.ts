/** The program: connects the command line to this process. Everything else is in run-cli.ts. */
import "./node-20.ts";
import { runCli } from "./run-cli.ts";

// A reader that has seen enough (`meshwise … | head`) closes the pipe: that is no fault.
process.stdout.on("error", (fault: NodeJS.ErrnoException) => {
  if (fault.code !== "EPIPE") throw fault;
  process.exit();
});

process.exitCode = await runCli(process.argv.slice(2), {
  environment: process.env,
  out: (text) => process.stdout.write(text),
  err: (text) => process.stderr.write(text),
});

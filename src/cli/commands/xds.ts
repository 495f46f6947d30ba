/** `meshwise xds`: the Envoy v3 resources one proxy would get, as JSON with Envoy's own field names. */
import { parseResources, xds } from "#mesh";
import { isBlocking, lintFiles } from "#scenario";
import { atLeastOneFile, oneOf, parseCommandArguments } from "../arguments.ts";
import { type Command, exitCodes, UsageError } from "../command.ts";
import { diagnosticLine } from "../diagnostic-output.ts";
import { readMeshFiles } from "../files.ts";
import { findProxy, parseCaller } from "../proxy-of.ts";

const types = ["listeners", "routes", "clusters", "endpoints"] as const;

export const command: Command = {
  name: "xds",
  summary: "cli:xds.summary",
  usage: "xds FILE… --proxy WORKLOAD|gateway:NAME [--namespace N] --type listeners|routes|clusters|endpoints [--lang en|ru]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(io, args, {
      proxy: { type: "string" },
      namespace: { type: "string" },
      type: { type: "string" },
    });
    atLeastOneFile(io, positionals);
    if (!values.proxy) throw new UsageError(io.text("cli:error.missingOption", { option: "--proxy" }));
    if (values.type === undefined) throw new UsageError(io.text("cli:error.missingOption", { option: "--type" }));
    const type = oneOf(io, "--type", values.type, types);
    const files = await readMeshFiles(io, positionals);
    const refused = lintFiles(files).filter(isBlocking);
    for (const diagnostic of refused) io.err(`${diagnosticLine(diagnostic, io.text)}\n`);
    const { resources } = parseResources(files);
    const { node, config } = findProxy(io, parseCaller(values.proxy, values.namespace), resources);
    io.out(`${JSON.stringify(xds(config, node, type), null, 2)}\n`);
    return refused.length > 0 ? exitCodes.failed : exitCodes.ok;
  },
};

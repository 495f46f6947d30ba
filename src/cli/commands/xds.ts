/** `meshwise xds`: the Envoy v3 resources one proxy would get, as JSON with Envoy's own field names. */
import { parseResources } from "#mesh";
import { isBlocking, lintFiles } from "#scenario";
import { atLeastOneFile, oneOf, parseCommandArguments } from "../arguments.ts";
import { type Command, exitCodes, UsageError } from "../command.ts";
import { diagnosticLine } from "../diagnostic-output.ts";
import { readMeshFiles } from "../files.ts";
import { findProxy, parseCaller } from "../proxy-of.ts";
import { cluster, clusterLoadAssignment } from "../xds/clusters.ts";
import { listener } from "../xds/listeners.ts";
import { routeConfiguration } from "../xds/routes.ts";

const types = ["listeners", "routes", "clusters", "endpoints"] as const;

export const command: Command = {
  name: "xds",
  summary: "cli:xds.summary",
  usage: "xds FILE… --proxy WORKLOAD|gateway:NAME [--namespace N] --type listeners|routes|clusters|endpoints [--lang en|ru]",
  async run(args, io) {
    const { values, positionals } = parseCommandArguments(args, {
      proxy: { type: "string" },
      namespace: { type: "string" },
      type: { type: "string" },
    });
    atLeastOneFile(io, positionals);
    if (values.proxy === undefined) throw new UsageError(io.text("cli:error.missingOption", { option: "--proxy" }));
    if (values.type === undefined) throw new UsageError(io.text("cli:error.missingOption", { option: "--type" }));
    const type = oneOf(io, "--type", values.type, types);
    const files = await readMeshFiles(io, positionals);
    const refused = lintFiles(files).filter(isBlocking);
    for (const diagnostic of refused) io.err(`${diagnosticLine(diagnostic, io.text)}\n`);
    const { resources } = parseResources(files);
    const { node } = findProxy(io, parseCaller(values.proxy, values.namespace), resources);
    const shown = {
      listeners: () => node.listeners.map(listener),
      routes: () => node.routes.map(routeConfiguration),
      clusters: () => node.clusters.map(cluster),
      endpoints: () => node.endpoints.map(clusterLoadAssignment),
    };
    io.out(`${JSON.stringify(shown[type](), null, 2)}\n`);
    return refused.length > 0 ? exitCodes.failed : exitCodes.ok;
  },
};

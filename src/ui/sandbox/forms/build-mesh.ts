/**
 * Building by forms: a service with its first version, a further version as a canary, traffic. Each is a few edits of the same text; what
 * stands there keeps its words and comments.
 */
import type { MeshFile } from "#mesh";
import { appendDocument, textOf } from "./form-edit.ts";
import { type FormDocument, indicesOf, readWorld, shortHost, textAt } from "./form-world.ts";
import { destinationRule } from "./kinds/destination-rule.ts";
import { setValue, valueAt, type YamlPath } from "./yaml-edit.ts";

export interface NewService {
  name: string;
  namespace: string;
  port: number;
  /** The service that calls it; "" = the client, from outside. */
  calledBy: string;
}

type Files = readonly MeshFile[];

/** @returns null where the text must be edited by hand first (errors in it). */
export function addService(files: Files, { name, namespace, port, calledBy }: NewService): Files | null {
  const namespaced = namespace === "default" ? {} : { namespace };
  const service = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, ...namespaced },
    spec: { selector: { app: name }, ports: [{ name: "http", port }] },
  };
  const workload = {
    name: `${name}-v1`,
    ...namespaced,
    service: name,
    labels: { app: name, version: "v1" },
    replicas: 2,
    behaviour: { serviceTime: { exponential: "5ms" } },
  };
  const url = `http://${name}.${namespace}:${port}/`;
  const withService = replace(files, homeOf(files), (text) => appendDocument(text, service));
  const withRun = withExperiment(withService, namespace);
  const withWorkload = withRun && appendIn(withRun, ["spec", "workloads"], workload);
  if (!withWorkload) return null;
  if (calledBy === "") {
    return appendIn(withWorkload, ["spec", "traffic"], { name, from: "client", to: url, rate: "50/s" });
  }
  const { experiment } = readWorld(withWorkload);
  const callers = indicesOf(experiment?.object, ["spec", "workloads"]).filter(
    (index) => textAt(experiment?.object, ["spec", "workloads", index, "service"]) === calledBy,
  );
  return callers.reduce<Files | null>(
    (done, index) => done && appendIn(done, ["spec", "workloads", index, "behaviour", "calls"], { to: url }),
    withWorkload,
  );
}

/** The next version beside the others: a workload, a subset for every version, and a route that gives it `weight` percent. */
export function addVersion(files: Files, service: string, namespace: string, weight: number): Files | null {
  const world = readWorld(files);
  const versions = world.workloads.filter((one) => one.service === service && one.namespace === namespace);
  const first = versions[0];
  const index = world.workloads.indexOf(first ?? (versions[0] as never));
  if (!first || !world.experiment) return null;
  const like = valueAt(world.experiment.object, ["spec", "workloads", index]) as Record<string, unknown>;
  const version = nextVersion(versions.map((one) => one.version));
  const labels = { ...(valueAt(like, ["labels"]) as object | undefined), app: service, version };
  const added = appendIn(files, ["spec", "workloads"], { ...like, name: `${service}-${version}`, labels, replicas: 1 });
  const named = added && first.version === "" ? setIn(added, ["spec", "workloads", index, "labels", "version"], "v1") : added;
  const ruled = named && withSubsets(named, service, namespace);
  return ruled && withWeights(ruled, service, namespace, version, weight);
}

function nextVersion(versions: readonly string[]): string {
  const numbers = versions.map((version) => Number(/\d+$/.exec(version)?.[0] ?? 1));
  return `v${Math.max(1, ...numbers) + 1}`;
}

function withSubsets(files: Files, service: string, namespace: string): Files | null {
  const world = readWorld(files);
  const rule = find(files, "DestinationRule", namespace, (object) => shortHost(textAt(object, ["spec", "host"])) === service);
  if (!rule) {
    const document = destinationRule.create?.({ name: service, namespace }, world);
    return replace(files, homeOf(files), (text) => appendDocument(text, document));
  }
  const names = indicesOf(rule.object, ["spec", "subsets"]).map((index) =>
    textAt(rule.object, ["spec", "subsets", index, "name"]),
  );
  return world.workloads
    .filter((one) => one.service === service && one.namespace === namespace && !names.includes(one.version))
    .reduce<Files | null>((done, { version }, offset) => {
      const subset = { name: version, labels: { version } };
      return done && edit(done, rule, ["spec", "subsets", names.length + offset], subset);
    }, files);
}

/** The new version gets its weight in the last rule, the one without conditions; the others share what is left. */
function withWeights(files: Files, service: string, namespace: string, version: string, weight: number): Files | null {
  const route = find(
    files,
    "VirtualService",
    namespace,
    (object) =>
      (valueAt(object, ["spec", "hosts"]) as unknown[] | undefined)?.some((host) => shortHost(String(host)) === service) ?? false,
  );
  const destination = (subset: string) => ({ host: service, subset });
  if (!route) {
    const old = readWorld(files).workloads.filter(
      (one) => one.service === service && one.namespace === namespace && one.version !== version,
    );
    const each = Math.floor((100 - weight) / Math.max(1, old.length));
    const document = {
      apiVersion: "networking.istio.io/v1",
      kind: "VirtualService",
      metadata: { name: service, ...(namespace === "default" ? {} : { namespace }) },
      spec: {
        hosts: [service],
        http: [
          {
            route: [
              ...old.map((one, at) => ({
                destination: destination(one.version),
                weight: at === 0 ? 100 - weight - each * (old.length - 1) : each,
              })),
              { destination: destination(version), weight },
            ],
          },
        ],
      },
    };
    return replace(files, homeOf(files), (text) => appendDocument(text, document));
  }
  const rule = indicesOf(route.object, ["spec", "http"]).at(-1) ?? 0;
  const at: YamlPath = ["spec", "http", rule, "route"];
  const count = indicesOf(route.object, at).length;
  let done = edit(files, route, [...at, count], { destination: destination(version), weight });
  // A destination without a weight takes all: it must say so once there are two.
  if (count === 1 && done) {
    const again = find(done, "VirtualService", namespace, (object) => textAt(object, ["metadata", "name"]) === route.name);
    done = again ? edit(done, again, [...at, 0, "weight"], 100 - weight) : null;
    const named = again && textAt(again.object, [...at, 0, "destination", "subset"]) === "";
    const versions = readWorld(files).workloads.filter((one) => one.service === service && one.version !== version);
    if (named && done && versions.length === 1) {
      const last = find(done, "VirtualService", namespace, (object) => textAt(object, ["metadata", "name"]) === route.name);
      done = last ? edit(done, last, [...at, 0, "destination", "subset"], versions[0]?.version) : null;
    }
  }
  return done;
}

function find(files: Files, kind: string, namespace: string, fits: (object: unknown) => boolean): FormDocument | undefined {
  return readWorld(files).documents.find((one) => one.kind === kind && one.namespace === namespace && fits(one.object));
}

/** Mesh documents go where mesh documents are. */
export function homeOf(files: Files): string {
  const { documents, experiment } = readWorld(files);
  return (
    documents.find(({ kind }) => kind !== "Experiment")?.file ??
    files.find(({ name }) => name !== experiment?.file)?.name ??
    files[0]?.name ??
    ""
  );
}

function withExperiment(files: Files, namespace: string): Files | null {
  if (readWorld(files).experiment) return files;
  const client = { name: "client", ...(namespace === "default" ? {} : { namespace }), meshed: true };
  const experiment = {
    apiVersion: "meshwise.dev/v1",
    kind: "Experiment",
    metadata: { name: "sandbox" },
    spec: { duration: "600s", workloads: [client], traffic: [] },
  };
  return replace(files, homeOf(files), (text) => appendDocument(text, experiment));
}

function appendIn(files: Files, path: YamlPath, value: unknown): Files | null {
  const { experiment } = readWorld(files);
  return experiment ? edit(files, experiment, [...path, indicesOf(experiment.object, path).length], value) : null;
}

function setIn(files: Files, path: YamlPath, value: unknown): Files | null {
  const { experiment } = readWorld(files);
  return experiment ? edit(files, experiment, path, value) : null;
}

function edit(files: Files, document: FormDocument, path: YamlPath, value: unknown): Files | null {
  const text = setValue(textOf(files, document.file), document.index, path, value);
  return text === null ? null : replace(files, document.file, () => text);
}

function replace(files: Files, name: string, change: (text: string) => string): Files {
  return files.map((file) => (file.name === name ? { ...file, text: change(file.text) } : file));
}

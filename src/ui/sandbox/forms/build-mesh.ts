/**
 * Building by forms: a service with its first version, a further version as a canary, traffic. Each is a few edits of the same text; what
 * stands there keeps its words and comments.
 */
import { type ValuePath, valueAt } from "#base";
import { addDocument, edit, type FormDraft } from "./form-draft.ts";
import { type FormDocument, indicesOf, shortHost, textAt } from "./form-world.ts";
import { destinationRule } from "./kinds/destination-rule.ts";

export interface NewService {
  name: string;
  namespace: string;
  port: number;
  /** The service that calls it; "" = the client, from outside. */
  calledBy: string;
}

type Next = Promise<FormDraft | null>;

/** @returns null where the text must be edited by hand first (errors in it); the draft as it is where there is such a service */
export async function addService(draft: FormDraft, { name, namespace, port, calledBy }: NewService): Next {
  if (draft.world.services.some((one) => one.name === name)) return draft;
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
  const withService = await addDocument(draft, service);
  const withRun = withService && (await withExperiment(withService, namespace));
  const withWorkload = withRun && (await appendIn(withRun, ["spec", "workloads"], workload));
  if (!withWorkload) return null;
  if (calledBy === "") {
    return appendIn(withWorkload, ["spec", "traffic"], { name, from: "client", to: url, rate: "50/s" });
  }
  let done: FormDraft | null = withWorkload;
  const written = withWorkload.world.experiment?.object;
  for (const index of indicesOf(written, ["spec", "workloads"])) {
    if (textAt(written, ["spec", "workloads", index, "service"]) !== calledBy) continue;
    done = done && (await appendIn(done, ["spec", "workloads", index, "behaviour", "calls"], { to: url }));
  }
  return done;
}

/** The next version beside the others: a workload, a subset for every version, and a route that gives it `weight` percent. */
export async function addVersion(draft: FormDraft, service: string, namespace: string, weight: number): Next {
  const { workloads, experiment } = draft.world;
  const versions = workloads.filter((one) => one.service === service && one.namespace === namespace);
  const first = versions[0];
  if (!first || !experiment) return null;
  const index = workloads.indexOf(first);
  const like = valueAt(experiment.object, ["spec", "workloads", index]) as Record<string, unknown>;
  const version = nextVersion(versions.map((one) => one.version));
  const labels = { ...(valueAt(like, ["labels"]) as object | undefined), app: service, version };
  const added = await appendIn(draft, ["spec", "workloads"], { ...like, name: `${service}-${version}`, labels, replicas: 1 });
  const isNamed = first.version !== "";
  const named = isNamed ? added : added && (await setIn(added, ["spec", "workloads", index, "labels", "version"], "v1"));
  const ruled = named && (await withSubsets(named, service, namespace));
  return ruled && withWeights(ruled, service, namespace, version, weight);
}

function nextVersion(versions: readonly string[]): string {
  const numbers = versions.map((version) => Number(/\d+$/.exec(version)?.[0] ?? 1));
  return `v${Math.max(1, ...numbers) + 1}`;
}

async function withSubsets(draft: FormDraft, service: string, namespace: string): Next {
  const { world } = draft;
  const rule = find(draft, "DestinationRule", namespace, (object) => shortHost(textAt(object, ["spec", "host"])) === service);
  if (!rule) return addDocument(draft, destinationRule.create?.({ name: service, namespace }, world));
  const at: ValuePath = ["spec", "subsets"];
  const names = indicesOf(rule.object, at).map((index) => textAt(rule.object, [...at, index, "name"]));
  const missing = world.workloads.filter(
    (one) => one.service === service && one.namespace === namespace && !names.includes(one.version),
  );
  let done: FormDraft | null = draft;
  for (const [offset, { version }] of missing.entries()) {
    done = done && (await set(done, rule, [...at, names.length + offset], { name: version, labels: { version } }));
  }
  return done;
}

/** The new version gets its weight in the last rule, the one without conditions; the others share what is left. */
async function withWeights(draft: FormDraft, service: string, namespace: string, version: string, weight: number): Next {
  const route = find(
    draft,
    "VirtualService",
    namespace,
    (object) =>
      (valueAt(object, ["spec", "hosts"]) as unknown[] | undefined)?.some((host) => shortHost(String(host)) === service) ?? false,
  );
  const destination = (subset: string) => ({ host: service, subset });
  if (!route) {
    const old = draft.world.workloads.filter(
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
    return addDocument(draft, document);
  }
  const rule = indicesOf(route.object, ["spec", "http"]).at(-1) ?? 0;
  const at: ValuePath = ["spec", "http", rule, "route"];
  const count = indicesOf(route.object, at).length;
  let done = await set(draft, route, [...at, count], { destination: destination(version), weight });
  // A destination without a weight takes all: it must say so once there are two.
  if (count === 1 && done) {
    done = await set(done, route, [...at, 0, "weight"], 100 - weight);
    const isWhole = textAt(route.object, [...at, 0, "destination", "subset"]) === "";
    const versions = draft.world.workloads.filter((one) => one.service === service && one.version !== version);
    if (isWhole && done && versions.length === 1) {
      done = await set(done, route, [...at, 0, "destination", "subset"], versions[0]?.version);
    }
  }
  return done;
}

function find(
  { world }: FormDraft,
  kind: string,
  namespace: string,
  fits: (object: unknown) => boolean,
): FormDocument | undefined {
  return world.documents.find((one) => one.kind === kind && one.namespace === namespace && fits(one.object));
}

async function withExperiment(draft: FormDraft, namespace: string): Next {
  if (draft.world.experiment) return draft;
  const client = { name: "client", ...(namespace === "default" ? {} : { namespace }), meshed: true };
  return addDocument(draft, {
    apiVersion: "meshwise.dev/v1",
    kind: "Experiment",
    metadata: { name: "sandbox" },
    spec: { duration: "600s", workloads: [client], traffic: [] },
  });
}

function appendIn(draft: FormDraft, path: ValuePath, value: unknown): Next {
  return setIn(draft, [...path, indicesOf(draft.world.experiment?.object, path).length], value);
}

async function setIn(draft: FormDraft, path: ValuePath, value: unknown): Next {
  const { experiment } = draft.world;
  return experiment ? set(draft, experiment, path, value) : null;
}

/** Documents keep their places while values in them change. */
function set(draft: FormDraft, { file, index }: FormDocument, path: ValuePath, value: unknown): Next {
  return edit(draft, file, { type: "set", document: index, path, value });
}

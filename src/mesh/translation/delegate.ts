/** Root VirtualServices take in the rules of their delegates (model/virtualservice.go): conflicts drop the delegate's rule. */
import type { Resource } from "../resource/resource.ts";
import { text } from "./field.ts";
import type { HttpMatch, HttpRule, StringMatch, VirtualService } from "./virtual-service.ts";
import { isVisible } from "./visibility.ts";

/** @returns the VirtualServices that have hosts, delegates merged in, oldest first, then by name. */
export function mergeDelegates(all: readonly VirtualService[], defaults: readonly string[]): VirtualService[] {
  const delegates = new Map(all.filter((one) => one.hosts.length === 0).map((one) => [`${one.namespace}/${one.name}`, one]));
  return all
    .filter((one) => one.hosts.length > 0)
    .map((root) => ({
      ...root,
      http: root.http.flatMap((rule) => {
        if (!rule.delegate) return [rule];
        const delegate = delegates.get(`${rule.delegate.namespace}/${rule.delegate.name}`);
        if (!delegate || !isVisible(delegate.exportTo, defaults, delegate.namespace, root.namespace)) return [];
        return delegate.http.flatMap((sub) => mergeRule(rule, sub));
      }),
    }))
    .sort(byAge);
}

/** Istio's resources of a kind, the oldest first: where two want the same, the older one has it. */
export function istioByAge(resources: readonly Resource[], kind: string): Resource[] {
  return resources
    .filter((one) => one.kind === kind && one.group === "networking.istio.io")
    .map((resource) => ({
      resource,
      name: resource.name,
      namespace: resource.namespace,
      createdAt: text({ resource, path: [], value: resource.object }, "metadata", "creationTimestamp") ?? "",
    }))
    .sort(byAge)
    .map(({ resource }) => resource);
}

export function byAge(
  left: { createdAt: string; name: string; namespace: string },
  right: { createdAt: string; name: string; namespace: string },
): number {
  if (left.createdAt !== right.createdAt) return left.createdAt < right.createdAt ? -1 : 1;
  const [a, b] = [`${left.name}.${left.namespace}`, `${right.name}.${right.namespace}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

function mergeRule(root: HttpRule, delegate: HttpRule): HttpRule[] {
  const matches = mergeMatches(root.matches, delegate);
  if (matches === null) return [];
  const { delegate: _delegated, ...inherited } = root;
  return [
    {
      ...delegate,
      name: joinNames(root.name, delegate.name),
      matches,
      mirrors: delegate.mirrors.length > 0 ? delegate.mirrors : inherited.mirrors,
      rewrite: delegate.rewrite ?? inherited.rewrite,
      directResponse: delegate.directResponse ?? inherited.directResponse,
      timeout: delegate.timeout ?? inherited.timeout,
      retries: delegate.retries ?? inherited.retries,
      fault: delegate.fault ?? inherited.fault,
      cors: delegate.cors ?? inherited.cors,
      ...((delegate.headers ?? inherited.headers) ? { headers: delegate.headers ?? inherited.headers } : {}),
    },
  ];
}

function joinNames(root: string, delegate: string): string {
  return delegate === "" ? root : root === "" ? delegate : `${root}-${delegate}`;
}

/** Each match of the delegate needs one of the root's that it narrows; its rule stands where it is written. @returns null on a conflict. */
function mergeMatches(root: readonly HttpMatch[], { matches: delegate, source }: HttpRule): readonly HttpMatch[] | null {
  if (root.length === 0) return delegate;
  if (delegate.length === 0) return root.map((one) => ({ ...one, source }));
  const merged: HttpMatch[] = [];
  for (const sub of delegate) {
    const fitting = root.filter((one) => !conflicts(one, sub));
    if (fitting.length === 0) return null;
    merged.push(...fitting.map((one) => mergeMatch(one, sub)));
  }
  return merged;
}

function mergeMatch(root: HttpMatch, delegate: HttpMatch): HttpMatch {
  return {
    ...delegate,
    name: joinNames(root.name, delegate.name),
    uri: delegate.uri ?? root.uri,
    scheme: delegate.scheme ?? root.scheme,
    method: delegate.method ?? root.method,
    authority: delegate.authority ?? root.authority,
    headers: { ...root.headers, ...delegate.headers },
    withoutHeaders: { ...root.withoutHeaders, ...delegate.withoutHeaders },
    queryParams: { ...root.queryParams, ...delegate.queryParams },
    port: delegate.port || root.port,
    sourceLabels: { ...root.sourceLabels, ...delegate.sourceLabels },
    sourceNamespace: delegate.sourceNamespace || root.sourceNamespace,
    gateways: delegate.gateways.length > 0 ? delegate.gateways : root.gateways,
  };
}

function conflicts(root: HttpMatch, leaf: HttpMatch): boolean {
  const mapConflict = (key: "headers" | "withoutHeaders" | "queryParams"): boolean =>
    Object.entries(leaf[key]).some(([name, match]) => stringConflict(root[key][name], match));
  return (
    stringConflict(root.uri, leaf.uri) ||
    stringConflict(root.scheme, leaf.scheme) ||
    stringConflict(root.method, leaf.method) ||
    stringConflict(root.authority, leaf.authority) ||
    mapConflict("headers") ||
    mapConflict("withoutHeaders") ||
    mapConflict("queryParams") ||
    root.ignoreUriCase !== leaf.ignoreUriCase ||
    (root.port > 0 && leaf.port > 0 && root.port !== leaf.port) ||
    (root.sourceNamespace !== "" && leaf.sourceNamespace !== root.sourceNamespace) ||
    Object.entries(leaf.sourceLabels).some(([key, value]) => key in root.sourceLabels && root.sourceLabels[key] !== value) ||
    (root.gateways.length > 0 && leaf.gateways.some((gateway) => !root.gateways.includes(gateway)))
  );
}

/** The leaf has to be narrower than the root: an exact root leaves nothing else, a prefix may only be lengthened. */
function stringConflict(root: StringMatch | undefined, leaf: StringMatch | undefined): boolean {
  if (!root || !leaf) return false;
  if (root.type === "present" || leaf.type === "present" || root.type === "regex" || leaf.type === "regex") return true;
  if (root.type === "exact") return leaf.type !== "exact" || leaf.value !== root.value;
  return !leaf.value.startsWith(root.value);
}

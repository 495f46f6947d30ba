/**
 * What Envoy asks of a listener as it makes it, beyond its fields (listener_impl.cc, filter_chain_manager_impl.cc): an address of its own, a
 * filter chain, and in a chain a filter at the end that answers, and none before. Filters that the table does not know are not judged.
 */
import type { Finding } from "../../diagnostics/finding.ts";
import type { Path } from "../../document/node-path.ts";
import { isObject } from "../../resource/json-value.ts";

interface Place {
  value: unknown;
  path: Path;
}

const camelCase = (name: string) => name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** In either spelling; null is nothing. */
function at({ value, path }: Place, ...names: readonly string[]): Place {
  let place: Place = { value, path };
  for (const name of names) {
    const owner = isObject(place.value) ? place.value : {};
    const written = name in owner ? name : camelCase(name);
    place = { value: owner[written] ?? undefined, path: [...place.path, written] };
  }
  return place;
}

function entries(place: Place): Place[] {
  return Array.isArray(place.value) ? place.value.map((value, index) => ({ value, path: [...place.path, index] })) : [];
}

const refusing = ({ path }: Place, reason: string): Finding => ({ code: "MESH1904", path, params: { reason } });

/** @param bootstrap as it is meant (judge-fields.ts) */
export function judgeListeners(bootstrap: unknown): Finding[] {
  const root = { value: bootstrap, path: [] };
  const owners = new Map<string, unknown>();
  return entries(at(root, "static_resources", "listeners")).flatMap((listener) => {
    const address = at(listener, "address", "socket_address");
    const text = addressOf(address);
    const name = at(listener, "name").value || text;
    // A second listener of one name stands for the first.
    const isTaken = text !== undefined && (owners.get(text) ?? name) !== name;
    if (text !== undefined) owners.set(text, name);
    return [
      ...(isTaken ? [refusing(address, `error adding listener: duplicate address '${text}' as existing listener`)] : []),
      ...judgeListener(listener, text ?? ""),
    ];
  });
}

/** Undefined for a listener that may share it, or has none. */
function addressOf(address: Place): string | undefined {
  const port = at(address, "port_value").value;
  return at(address, "protocol").value === "UDP" || port === undefined || port === 0
    ? undefined
    : `${at(address, "address").value}:${port}`;
}

function judgeListener(listener: Place, address: string): Finding[] {
  const name = at(listener, "name").value || address;
  const error = `error adding listener '${name}'`;
  const isOther = ["internal_listener", "api_listener", "udp_listener_config", "filter_chain_matcher", "fcds_config"].some(
    (field) => at(listener, field).value !== undefined,
  );
  if (isOther || at(listener, "address", "socket_address", "protocol").value === "UDP") return [];
  if (at(listener, "address").value === undefined) return [refusing(listener, `${error}: address is necessary`)];
  const chains = entries(at(listener, "filter_chains"));
  const fallback = at(listener, "default_filter_chain");
  if (chains.length === 0 && fallback.value === undefined) return [refusing(listener, `${error}: no filter chains specified`)];
  return [...chains, ...(fallback.value === undefined ? [] : [fallback])].flatMap((chain) => {
    const filters = entries(at(chain, "filters"));
    return [
      ...judgeOrder(filters, "network"),
      ...filters.flatMap((filter) => judgeOrder(entries(at(filter, "typed_config", "http_filters")), "http")),
    ];
  });
}

/** Filters that answer, by the end of their type's name; of others in the table it is known that they do not. */
const terminal = /\.(?:HttpConnectionManager|TcpProxy|Router)$/;
const passing = /\.(?:RBAC|Cors|ExtAuthz|HTTPFault|LocalRateLimit|RateLimit|JwtAuthentication|Buffer|Lua|GrpcWeb|HealthCheck)$/;

function judgeOrder(filters: readonly Place[], chain: "network" | "http"): Finding[] {
  const last = filters.at(-1);
  return filters.flatMap((filter): Finding[] => {
    const type = at(filter, "typed_config", "@type").value;
    if (typeof type !== "string") return [];
    const name = at(filter, "name").value;
    if (terminal.test(type) && filter !== last)
      return [refusing(filter, `terminal filter named ${name} must be the last filter in a ${chain} filter chain.`)];
    if (passing.test(type) && filter === last)
      return [refusing(filter, `non-terminal filter named ${name} is the last filter in a ${chain} filter chain.`)];
    if (filter === last && at(filter, "disabled").value === true)
      return [refusing(filter, `the last (terminal) filter (${name}) in the chain cannot be disabled by default.`)];
    return [];
  });
}

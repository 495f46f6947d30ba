/**
 * envoy.filters.http.header_mutation: changes headers of requests and of answers, also of those that were given before it was asked. Every level
 * of the route table has its say, one after the other.
 */
import type { HeaderChanges, HeaderMutationConfig, HeaderMutations, PerFilterConfig } from "../../model/index.ts";
import type { Sim } from "../../sim.ts";
import { slotOfCluster } from "../compiled-mesh.ts";
import { formatFacts } from "../format-facts.ts";
import { changeHeaders } from "../header-changes.ts";
import { formatValue } from "../header-format.ts";
import type { PlanContext } from "../http-plan.ts";
import { fieldsOf, internShape, type RequestShape } from "../matching/request-shape.ts";
import { type AnswerChange, type CompiledFilter, filterVerdicts } from "./filter.ts";
import type { FilterCompiler, FilterState } from "./index.ts";

export const headerMutation: FilterCompiler<HeaderMutationConfig> = {
  name: "headerMutation",
  compile(context, config, perFilter, state) {
    const before = context.shape;
    state.shape = changed(context, levelsOf(config, perFilter), state);
    if (state.shape !== before)
      context.log?.push({
        stage: "route",
        code: "headers.changed",
        params: { headers: differenceOf(before, state.shape) },
        source: config.source,
        considered: [],
      });
    return answering(context.sim, config, perFilter, { before, after: state.shape });
  },
  compileUnasked({ sim, shape }, config, perFilter) {
    return answering(sim, config, perFilter, { before: shape, after: shape });
  },
};

/** In the order in which they are applied: the filter's own, then the route's first or last. */
function levelsOf(config: HeaderMutationConfig, perFilter: PerFilterConfig | undefined) {
  const levels = perFilter?.headerMutations ?? [];
  return [config, ...(config.mostSpecificLast ? levels : levels.toReversed())];
}

function changed(context: PlanContext, levels: readonly HeaderMutations[], state: FilterState): RequestShape {
  const { sim, node, inbound } = context;
  const isThere = slotOfCluster(node, sim.caches, state.destination, inbound) >= 0;
  const facts = formatFacts(context, state.rateLimits.route, isThere ? state.destination : "");
  let { shape } = context;
  const formatted = (value: string) => formatValue(value, { ...facts, shape });
  for (const { request } of levels) {
    for (const one of request) {
      const headers = { ...shape.headers };
      changeHeaders(headers, one, formatted);
      shape = internShape(sim.shapes, { ...fieldsOf(shape), headers });
    }
  }
  return shape;
}

/** The headers it changed, for who asks why. */
function differenceOf(before: RequestShape, { headers }: RequestShape): string {
  const names = new Set([...Object.keys(before.headers), ...Object.keys(headers)]);
  const differing = [...names].filter((name) => before.headers[name] !== headers[name]);
  return differing.join(", ");
}

function answering(
  sim: Sim,
  config: HeaderMutationConfig,
  perFilter: PerFilterConfig | undefined,
  requests: NonNullable<CompiledFilter["requests"]>,
): CompiledFilter {
  const data = levelsOf(config, perFilter).flatMap(({ response }) => response);
  const onRequest = () => filterVerdicts.continue;
  const id = sim.caches.nextFilterId.value++;
  return { name: "headerMutation", id, source: config.source, onRequest, changeAnswer, requests, data };
}

const changeAnswer: AnswerChange = (_sim, _call, { data }, headers, format) => {
  for (const one of data as readonly HeaderChanges[]) changeHeaders(headers, one, format);
};

/** Filters that have something to say in answers: where there are some, a plan has rules for answers. */
import type { AnswerRules } from "./answer-headers.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import { formatFacts } from "./format-facts.ts";
import type { PlanContext } from "./http-plan.ts";
import type { PlanDraft } from "./plan.ts";

export function withFilterHeaders(context: PlanContext, draft: PlanDraft): PlanDraft {
  const places: { filters: readonly CompiledFilter[]; cluster: string }[] =
    draft.reply === null
      ? draft.destinations.map(({ filters, clusterName }) => ({ filters, cluster: clusterName }))
      : [{ filters: draft.replyFilters, cluster: "" }];
  const tells = ({ filters }: (typeof places)[number]) => filters.some((one) => one.changeAnswer !== undefined);
  if (!places.some(tells)) return draft;
  const plain = (cluster: string): AnswerRules => {
    const facts = formatFacts(context, draft.routeName, cluster);
    return { changes: [], countsAttempts: false, facts, shape: context.shape };
  };
  return {
    ...draft,
    answers: places.map((place, i) => draft.answers?.[i] ?? (tells(place) ? plain(place.cluster) : null)),
  };
}

/** What a connection manager adds to a plan of its routes: who else has something to say in answers (filters, local_reply_config), and logs. */
import type { HttpConnectionManager } from "../model/index.ts";
import type { AnswerRules } from "./answer-headers.ts";
import type { CompiledFilter } from "./filters/filter.ts";
import { formatFacts } from "./format-facts.ts";
import type { PlanContext } from "./http-plan.ts";
import type { PlanDraft } from "./plan.ts";

export function completed(context: PlanContext, manager: HttpConnectionManager, draft: PlanDraft): PlanDraft {
  const answering = withFilterHeaders(context, manager, draft);
  const { accessLogs } = manager;
  // Where a route was chosen anew, the inner plan knows the request as it was then.
  if (accessLogs === undefined || draft.logging !== null) return answering;
  const facts = formatFacts(context, draft.routeName, "");
  return {
    ...answering,
    logging: { loggers: accessLogs, facts, shape: context.shape, filterChain: context.chain?.name ?? "" },
  };
}

function withFilterHeaders(context: PlanContext, { localReplies }: HttpConnectionManager, draft: PlanDraft): PlanDraft {
  const places: { filters: readonly CompiledFilter[]; cluster: string }[] =
    draft.reply === null
      ? draft.destinations.map(({ filters, clusterName, slot }) => ({ filters, cluster: slot < 0 ? "" : clusterName }))
      : [{ filters: draft.replyFilters, cluster: draft.reply.cluster }];
  const tells = ({ filters }: (typeof places)[number]) =>
    localReplies !== undefined || filters.some((one) => (one.changeAnswer ?? one.changeRefusal) !== undefined);
  if (!places.some(tells)) return draft;
  const plain = (cluster: string): AnswerRules => {
    const facts = formatFacts(context, draft.routeName, cluster);
    return { changes: [], countsAttempts: false, facts, shape: context.shape };
  };
  return {
    ...draft,
    localReplies: localReplies ?? null,
    answers: places.map((place, i) => draft.answers?.[i] ?? (tells(place) ? plain(place.cluster) : null)),
  };
}

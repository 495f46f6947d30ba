/**
 * Decision records in words. A record's code is the key of its sentence; parameters fill it. The summary names what
 * failed, what the retry machinery said to it, and the line that decided: computed from the records, never assumed.
 */
import type { ConfigSource, Decision, HopExplanation, RequestExplanation } from "#engine";
import type { SandboxTexts } from "../texts.tsx";
import { outcomeWords } from "./outcome-words.ts";

type Words = Pick<Decision, "code" | "params">;

/** Parameters that say "there was none", with the ending of the sentence that says so in words. */
const absences = [
  { name: "sni", none: "", ending: "withoutSni" },
  { name: "status", none: 0, ending: "withoutAnswer" },
] as const;

/** Never empty: a code without a sentence shows itself with its parameters. */
export function decisionSentence(record: Words, texts: SandboxTexts): string {
  for (const { name, none, ending } of absences) {
    const absent = record.params[name] === none && texts.maybe(`sandbox:decision.${record.code}.${ending}`, record.params);
    if (absent) return absent;
  }
  const known = texts.maybe(`decisions:${record.code}`, record.params);
  if (known !== undefined) return known;
  const params = Object.entries(record.params).map(([name, value]) => `${name}=${value}`);
  return [record.code, ...params].join(" ");
}

export interface FailureSummary {
  status: number;
  grpcStatus?: number | undefined;
  flags: readonly string[];
  from: string;
  to: string;
  /** Where the answer came from: a workload, or "" when no host was reached. */
  workload: string;
  decision: Decision | null;
  source: ConfigSource | null;
}

/**
 * Records that can make a request fail, the strongest cause first: what refused it outright, what found no way on, what gave
 * up waiting, why no retry mended it, and last what the application did. Records of what went well are not among them.
 */
const causes: readonly string[] = [
  "tls.refusedPlaintext",
  "tls.notServed",
  "filterChain.none",
  "listener.none",
  "authorization.deniedByPolicy",
  "authorization.serviceDenied",
  "authorization.serviceDownDenied",
  "authorization.noAllowMatched",
  "authentication.invalid",
  "authentication.unknownIssuer",
  "authentication.wrongAudience",
  "authentication.missing",
  "rateLimit.overLimit",
  "rateLimit.empty",
  "rateLimit.serviceDownDenied",
  "fault.aborted",
  "circuitBreaker.requestsFull",
  "circuitBreaker.pendingFull",
  "virtualHost.noRouteConfiguration",
  "virtualHost.none",
  "route.none",
  "cluster.notFound",
  "host.none",
  "host.subsetNone",
  "timeout.route",
  "timeout.perTry",
  "timeout.maxStreamDuration",
  "timeout.streamIdle",
  "timeout.client",
  "retry.notMatched",
  "retry.resetNotMatched",
  "retry.limitExceeded",
  "retry.overflow",
  "application.callFailed",
  "application.full",
  "application.reset",
  "application.served",
  "response.direct",
];

/** @returns null when the request did not fail. The deepest failing hop is the cause; those above repeat it. */
export function summarizeFailure(explanation: RequestExplanation): FailureSummary | null {
  const failing = explanation.hops.filter(hopFailed);
  const cause = failing.find((hop) => !failing.some((other) => other.parentSpanId === hop.spanId));
  if (!cause) return null;
  const attempt = cause.attempts.at(-1);
  const decision = decisiveRecord(cause);
  return {
    status: cause.status ?? 0,
    ...(cause.grpcStatus === undefined ? {} : { grpcStatus: cause.grpcStatus }),
    flags: cause.flags.filter((flag) => flag !== "-" && flag !== ""),
    from: cause.from,
    to: cause.to,
    workload: attempt?.workload ?? "",
    decision,
    source: decision ? (decision.source ?? decision.considered.find((item) => item.source)?.source ?? null) : null,
  };
}

export function failureSentence(summary: FailureSummary, texts: SandboxTexts): string {
  const { t } = texts;
  const what = summary.status === 0 ? t("sandbox:why.noAnswer") : outcomeWords(summary, texts);
  const flags = summary.flags.length > 0 ? ` ${summary.flags.join(",")}` : "";
  const where = summary.workload
    ? t("sandbox:why.fromWorkload", { what: `${what}${flags}`, workload: summary.workload })
    : t("sandbox:why.onTheWay", { what: `${what}${flags}`, from: summary.from, to: summary.to });
  const because = summary.decision ? `. ${decisionSentence(summary.decision, texts).replace(/\.$/, "")}` : "";
  return capitalized(`${where}${because}${summary.source ? placeSuffix(summary.source, texts) : ""}`);
}

/** A route is known from the sentence; which policy refused is the question itself, so it is named. */
function placeSuffix({ kind, name, line }: ConfigSource, { t }: SandboxTexts): string {
  return kind === "VirtualService" ? t("sandbox:why.lineSuffix", { line }) : t("sandbox:why.policySuffix", { kind, name, line });
}

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Hops in order with their depth, children after the hop that caused them. */
export function hopTree(explanation: RequestExplanation): { hop: HopExplanation; depth: number }[] {
  const depths = new Map<number, number>();
  return explanation.hops.map((hop) => {
    const depth = hop.parentSpanId === null ? 0 : (depths.get(hop.parentSpanId) ?? 0) + 1;
    depths.set(hop.spanId, depth);
    return { hop, depth };
  });
}

export function hopFailed(hop: HopExplanation): boolean {
  if (hop.endMs === null) return false;
  return hop.status === null || hop.status === 0 || hop.status >= 400 || hop.grpcStatus !== undefined;
}

function decisiveRecord(hop: HopExplanation): Decision | null {
  for (const code of causes) {
    const found = hop.decisions.findLast((decision) => decision.code === code);
    if (found) return found;
  }
  return hop.decisions.at(-1) ?? null;
}

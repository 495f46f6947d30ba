/** "Why": choose a finished request, read hop by hop what decided, what else was looked at, and which line said so. */
import type { ConfigSource, DecisionStage, FinishedRequest, HopExplanation, RequestExplanation } from "#engine";
import { useCarriedState } from "../../shared/carry/use-carried-state.ts";
import { isFailing } from "../run/request-log.ts";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { useTexts } from "../texts.tsx";
import { AccessLog } from "./AccessLog.tsx";
import { decisionSentence, failureSentence, hopFailed, hopTree, summarizeFailure } from "./explanation-words.ts";
import { outcomeWords } from "./outcome-words.ts";
import { TraceWaterfall } from "./TraceWaterfall.tsx";

interface WhyPanelProps {
  state: RunState;
  controller: RunController;
  onShowLine(source: ConfigSource): void;
}

const shownRequests = 60;
/** Where a reader could have written something, its absence is worth a word. */
const writableStages: ReadonlySet<DecisionStage> = new Set([
  "tls",
  "authorization",
  "route",
  "host",
  "circuitBreaker",
  "retry",
  "timeout",
]);

export function WhyPanel({ state, controller, onShowLine }: WhyPanelProps) {
  const { t } = useTexts();
  const [failingOnly, setFailingOnly] = useCarriedState("failing only", false);
  const { log, chosen, explanation } = state;
  const list = (failingOnly ? log.failing : log.newest).slice(-shownRequests).toReversed();
  return (
    <div className="why">
      <div className="why-choose">
        <label className="check-label">
          <input type="checkbox" checked={failingOnly} onChange={(event) => setFailingOnly(event.target.checked)} />
          {t("sandbox:why.failingOnly")}
        </label>
        <button type="button" disabled={state.phase !== "ready"} onClick={() => void controller.findFailing()}>
          {t("sandbox:why.nextFailing")}
        </button>
      </div>
      {state.noneFailing ? <p role="status">{t("sandbox:why.noneFailing")}</p> : null}
      {list.length === 0 ? (
        <p className="muted">{t(failingOnly ? "sandbox:why.noFailingYet" : "sandbox:why.noRequestYet")}</p>
      ) : (
        <RequestList list={list} chosen={chosen} onChoose={(id) => void controller.explain(id)} />
      )}
      {state.explaining ? <p role="status">{t("sandbox:why.computing")}</p> : null}
      {explanation ? <Explanation explanation={explanation} onShowLine={onShowLine} /> : null}
      {chosen !== null && !state.explaining && !explanation ? <p role="status">{t("sandbox:why.tooOld")}</p> : null}
    </div>
  );
}

interface RequestListProps {
  list: readonly FinishedRequest[];
  chosen: number | null;
  onChoose(requestId: number): void;
}

function RequestList({ list, chosen, onChoose }: RequestListProps) {
  const texts = useTexts();
  const { t, duration } = texts;
  return (
    <ul className="request-list" aria-label={t("sandbox:why.requests")}>
      {list.map((request) => (
        <li key={request.requestId}>
          <button
            type="button"
            aria-pressed={request.requestId === chosen}
            className={isFailing(request) ? "request-failing" : ""}
            onClick={() => onChoose(request.requestId)}
          >
            <span className="request-status">
              {isFailing(request) ? "✗ " : "✓ "}
              {outcomeWords(request, texts)} {request.flags === "-" ? "" : request.flags}
            </span>
            <span className="request-url">
              {request.method} {request.url}
            </span>
            <span className="request-time">
              {duration(request.startMs)} · {duration(request.endMs - request.startMs)}
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}

interface ExplanationProps {
  explanation: RequestExplanation;
  onShowLine(source: ConfigSource): void;
}

export function Explanation({ explanation, onShowLine }: ExplanationProps) {
  const texts = useTexts();
  const { t } = texts;
  const summary = summarizeFailure(explanation);
  return (
    <section className="explanation" aria-label={t("sandbox:why.explanation", { id: explanation.requestId })}>
      <p className={summary ? "why-summary why-summary-failed" : "why-summary"} role="status">
        {summary ? failureSentence(summary, texts) : t("sandbox:why.wentWell")}
      </p>
      {summary?.source ? <LineButton source={summary.source} onShowLine={onShowLine} /> : null}
      <TraceWaterfall explanation={explanation} />
      <ol className="hop-list">
        {hopTree(explanation).map(({ hop, depth }) => (
          <li key={hop.spanId} data-depth={Math.min(depth, 4)}>
            <Hop hop={hop} onShowLine={onShowLine} />
          </li>
        ))}
      </ol>
      <AccessLog entries={explanation.log} />
    </section>
  );
}

function Hop({ hop, onShowLine }: { hop: HopExplanation; onShowLine(source: ConfigSource): void }) {
  const texts = useTexts();
  const { t, duration } = texts;
  const outcome = hop.endMs === null ? t("sandbox:why.inFlight") : outcomeWords(hop, texts);
  const flags = hop.flags.filter((flag) => flag !== "-" && flag !== "");
  return (
    <>
      <h2 className={hopFailed(hop) ? "hop-failed" : ""}>
        {hop.from} → {hop.to}: {[outcome, flags.join(",")].filter(Boolean).join(" ")}
        {hop.endMs === null ? "" : `, ${duration(hop.endMs - hop.startMs)}`}
      </h2>
      <p className="muted hop-url">
        {hop.method} {hop.url}
      </p>
      {hop.attempts.length > 1 ? (
        <ol className="attempt-list">
          {hop.attempts.map((attempt, index) => (
            <li key={`${attempt.startMs} ${attempt.address}`}>
              {t("sandbox:why.attempt", {
                number: index + 1,
                workload: attempt.workload || attempt.address || "–",
                replica: attempt.replica,
                outcome: attempt.status ? outcomeWords(attempt, texts) : attempt.flag || t("sandbox:why.noAnswerShort"),
                time: attempt.endMs === null ? "…" : duration(attempt.endMs - attempt.startMs),
              })}
            </li>
          ))}
        </ol>
      ) : null}
      <ol className="decision-list">
        {hop.decisions.map((decision, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: records have an order and nothing else of their own
          <li key={index} className={`decision decision-${decision.side}`}>
            <span className="decision-stage">{texts.maybe(`sandbox:stage.${decision.stage}`) ?? decision.stage}</span>
            <span className="decision-text">
              {decisionSentence(decision, texts)}
              <span className="muted"> {t(`sandbox:side.${decision.side}`)}</span>
            </span>
            {decision.source ? (
              <LineButton source={decision.source} onShowLine={onShowLine} />
            ) : writableStages.has(decision.stage) ? (
              <span className="muted decision-default">{t("sandbox:why.default")}</span>
            ) : null}
            {decision.considered.length > 0 ? (
              <details className="considered">
                <summary>{t("sandbox:why.considered", { count: decision.considered.length })}</summary>
                <ul>
                  {decision.considered.map((item, at) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: records have an order and nothing else of their own
                    <li key={at}>
                      {decisionSentence(item, texts)}{" "}
                      {item.source ? <LineButton source={item.source} onShowLine={onShowLine} /> : null}
                    </li>
                  ))}
                </ul>
              </details>
            ) : null}
          </li>
        ))}
      </ol>
    </>
  );
}

function LineButton({ source, onShowLine }: { source: ConfigSource; onShowLine(source: ConfigSource): void }) {
  const { t } = useTexts();
  return (
    <button type="button" className="line-button" title={source.file} onClick={() => onShowLine(source)}>
      {t("sandbox:why.line", { line: source.line, kind: source.kind, name: source.name })}
    </button>
  );
}

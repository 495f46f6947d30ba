/** The graph without the picture: nodes, edges, steps and recent requests as tables and lists with the same numbers. */
import { ControlTable } from "../graph/ControlTable.tsx";
import type { ControlPart } from "../graph/control-model.ts";
import type { GraphModel } from "../graph/graph-model.ts";
import { EdgeTable, TableFrame, WorkloadTable } from "../numbers/NumberTables.tsx";
import type { RunState, StepLine } from "../run/run-state.ts";
import { useTexts } from "../texts.tsx";
import { outcomeWords } from "../why/outcome-words.ts";

const shownRequests = 20;

export function TextTwin({
  graph,
  control,
  state,
  onExplain,
}: {
  graph: GraphModel;
  control: ControlPart | undefined;
  state: RunState;
  onExplain(requestId: number): void;
}) {
  const texts = useTexts();
  const { t, duration } = texts;
  const recent = state.log.newest.slice(-shownRequests).toReversed();
  return (
    <div className="text-twin">
      <WorkloadTable graph={graph} />
      <EdgeTable graph={graph} />
      {control ? <ControlTable part={control} /> : null}
      <StepList steps={state.steps} />
      <TableFrame caption={t("sandbox:numbers.recent")}>
        <thead>
          <tr>
            <th scope="col">{t("sandbox:column.start")}</th>
            <th scope="col">{t("sandbox:column.request")}</th>
            <th scope="col">{t("sandbox:column.status")}</th>
            <th scope="col">{t("sandbox:column.time")}</th>
            <th scope="col">{t("sandbox:tab.why")}</th>
          </tr>
        </thead>
        <tbody>
          {recent.map((request) => (
            <tr key={request.requestId}>
              <td>{duration(request.startMs)}</td>
              <th scope="row">
                {request.method} {request.url}
              </th>
              <td>
                {outcomeWords(request, texts)} {request.flags === "-" ? "" : request.flags}
              </td>
              <td>{duration(request.endMs - request.startMs)}</td>
              <td>
                <button
                  type="button"
                  className="line-button"
                  aria-label={t("sandbox:why.ask", { id: request.requestId })}
                  onClick={() => onExplain(request.requestId)}
                >
                  {t("sandbox:tab.why")}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </TableFrame>
    </div>
  );
}

/** What the last steps did, newest first: what the dots say to those who see them. */
export function StepList({ steps }: { steps: readonly StepLine[] }) {
  const { t, duration } = useTexts();
  if (steps.length === 0) return null;
  return (
    <section className="step-list" aria-label={t("sandbox:steps.title")}>
      <h2>{t("sandbox:steps.title")}</h2>
      <ol reversed>
        {steps.toReversed().map((step) => (
          <li key={step.flightId}>
            {duration(step.atMs)}: {t(`sandbox:message.${messageKind(step.kind)}`)} {step.from} → {step.workload || step.to}
            {step.status > 0 ? ` ${step.status}` : ""} {step.flags === "-" ? "" : step.flags}
          </li>
        ))}
      </ol>
    </section>
  );
}

function messageKind(kind: string): "request" | "response" | "retry" | "mirror" | "refused" {
  return kind === "response" || kind === "retry" || kind === "mirror" || kind === "refused" ? kind : "request";
}

/** A rollout that moves by itself: where it stands, and every look at the numbers with what came of it. The engine decided; this shows. */
import type { RolloutCheck, RolloutStatus } from "#engine";
import { TableFrame } from "../numbers/NumberTables.tsx";
import { type SandboxTexts, useTexts } from "../texts.tsx";

/** Shape first: forward, held, done, back. */
const signs = { start: "▷", advance: "▷", halt: "‖", promote: "✓", rollback: "↩" } as const;

export function RolloutPanel({ rollout }: { rollout: RolloutStatus | null | undefined }) {
  const texts = useTexts();
  const { t, number, percent, duration } = texts;
  if (!rollout) return null;
  return (
    <section className="rollout" aria-labelledby="sandbox-rollout">
      <h2 id="sandbox-rollout">{t("rollout:title")}</h2>
      <p role="status">{phaseWords(rollout, texts)}</p>
      {rollout.checks.length > 0 ? (
        <TableFrame caption={t("rollout:checks")}>
          <thead>
            <tr>
              <th scope="col">{t("rollout:column.time")}</th>
              <th scope="col">{t("rollout:column.verdict")}</th>
              <th scope="col">{t("rollout:column.weight")}</th>
              <th scope="col">{t("rollout:column.requests")}</th>
              <th scope="col">{t("rollout:column.success")}</th>
              <th scope="col">p99</th>
            </tr>
          </thead>
          <tbody>
            {rollout.checks.map((check) => (
              <tr key={check.atMs}>
                <th scope="row">{duration(check.atMs)}</th>
                <td className="rollout-verdict">
                  <span aria-hidden="true">{signs[check.verdict]}</span> {verdictWords(check, texts)}
                </td>
                <td>{percent(check.weight / 100)}</td>
                <td>{number(check.requests, 0)}</td>
                <td>{check.successRate === null ? "–" : percent(check.successRate)}</td>
                <td>{check.p99Ms === null ? "–" : duration(check.p99Ms)}</td>
              </tr>
            ))}
          </tbody>
        </TableFrame>
      ) : null}
      <p className="muted">{t("rollout:hint")}</p>
    </section>
  );
}

function phaseWords({ phase, weight, failedChecks, threshold }: RolloutStatus, { t }: SandboxTexts): string {
  const words = t(`rollout:phase.${phase}`, { weight });
  return failedChecks > 0 ? `${words} ${t("rollout:failed", { count: failedChecks, threshold })}` : words;
}

function verdictWords({ verdict, reason, nextWeight }: RolloutCheck, { t }: SandboxTexts): string {
  const words = t(`rollout:verdict.${verdict}`, { weight: nextWeight });
  return reason === "" ? words : `${words}: ${t(`rollout:reason.${reason}`)}`;
}

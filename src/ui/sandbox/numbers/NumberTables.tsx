/** Edges and workloads as tables: the same numbers the picture shows, for reading, comparing and for screen readers. */
import type { ReactNode } from "react";
import type { GraphCard, GraphModel } from "../graph/graph-model.ts";
import { edgeErrors, edgeRate } from "../graph/graph-words.ts";
import { StateIcon } from "../graph/StateSign.tsx";
import { useTexts } from "../texts.tsx";

export function EdgeTable({ graph }: { graph: GraphModel }) {
  const texts = useTexts();
  const { t, number, duration } = texts;
  return (
    <TableFrame caption={t("sandbox:numbers.edges")}>
      <thead>
        <tr>
          <th scope="col">{t("sandbox:column.edge")}</th>
          <th scope="col">{t("sandbox:column.rate")}</th>
          <th scope="col">{t("sandbox:column.requests")}</th>
          <th scope="col">{t("sandbox:column.errors")}</th>
          <th scope="col">{t("sandbox:column.errorsNow")}</th>
          <th scope="col">{t("sandbox:column.flags")}</th>
          <th scope="col">p50</th>
          <th scope="col">p95</th>
          <th scope="col">p99</th>
          <th scope="col">{t("sandbox:column.security")}</th>
        </tr>
      </thead>
      <tbody>
        {graph.edges.map((edge) => (
          <tr key={edge.id}>
            <th scope="row">
              {edge.from.name} → {edge.to.name}
            </th>
            <td>{edgeRate(edge, texts)}</td>
            <td>{number(edge.requests, 0)}</td>
            <td>{number(edge.errors, 0)}</td>
            <td>{edgeErrors(edge, texts) || "–"}</td>
            <td>{flagsText(edge.flags, number)}</td>
            {(["p50", "p95", "p99"] as const).map((which) => (
              <td key={which}>{edge.latency ? `${edge.latency.upperBound ? "≤ " : ""}${duration(edge.latency[which])}` : "–"}</td>
            ))}
            <td>{t(`sandbox:security.${edge.security}`)}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

export function WorkloadTable({ graph }: { graph: GraphModel }) {
  const texts = useTexts();
  const { t, number, percent } = texts;
  const rows = graph.cards.flatMap((card) => card.rows.map((row) => ({ card, row })));
  return (
    <TableFrame caption={t("sandbox:numbers.workloads")}>
      <thead>
        <tr>
          <th scope="col">{t("sandbox:column.workload")}</th>
          <th scope="col">{t("sandbox:column.state")}</th>
          <th scope="col">{t("sandbox:column.share")}</th>
          <th scope="col">{t("sandbox:column.requests")}</th>
          <th scope="col">{t("sandbox:column.denied")}</th>
          <th scope="col">{t("sandbox:column.plaintext")}</th>
          <th scope="col">{t("sandbox:column.replicas")}</th>
          <th scope="col">{t("sandbox:column.sidecar")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ card, row }) => (
          <tr key={row.id}>
            <th scope="row">
              {row.name}
              {card.kind === "service" && card.title !== row.name ? <span className="muted"> ({card.title})</span> : null}
              {asksOnly(card) ? <span className="muted"> ({t("sandbox:node.asksOnly")})</span> : null}
            </th>
            <td>
              <StateIcon state={row.state} /> {t(`sandbox:state.${row.state}`)}
            </td>
            <td>{row.share === null ? "–" : percent(row.share)}</td>
            <td>{asksOnly(card) ? "–" : number(row.requests, 0)}</td>
            <td>{asksOnly(card) ? "–" : number(row.denied, 0)}</td>
            <td>{row.plaintextShare === null ? "–" : percent(row.plaintextShare)}</td>
            <td>{number(row.replicas.length, 0)}</td>
            <td>{row.meshed ? t("sandbox:word.yes") : t("sandbox:word.no")}</td>
          </tr>
        ))}
      </tbody>
    </TableFrame>
  );
}

/** A caller without a Service of its own cannot receive: zeros there would read like a fault. */
function asksOnly(card: GraphCard): boolean {
  return card.kind === "caller" && card.rows.every((row) => row.requests === 0);
}

/** A wide table scrolls inside its frame, which the keyboard can reach. */
export function TableFrame({ caption, children }: { caption: string; children: ReactNode }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must take the focus to be scrolled by keyboard
    <section className="table-frame" aria-label={caption} tabIndex={0}>
      <table>
        <caption>{caption}</caption>
        {children}
      </table>
    </section>
  );
}

function flagsText(flags: Readonly<Record<string, number>>, number: (value: number, digits?: number) => string): string {
  const shown = Object.entries(flags).filter(([flag, count]) => flag !== "-" && flag !== "" && count > 0);
  return shown.length === 0 ? "–" : shown.map(([flag, count]) => `${flag} ${number(count, 0)}`).join(", ");
}

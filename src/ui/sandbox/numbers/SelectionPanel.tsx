/** What is selected in the graph, in full: a card, a workload with its replicas, or an edge. */

import { ControlTable } from "../graph/ControlTable.tsx";
import { canFold } from "../graph/collapse-cards.ts";
import { canFoldNamespace, namespaceId } from "../graph/collapse-namespaces.ts";
import type { GraphCard, GraphEdge, GraphModel, GraphRow } from "../graph/graph-model.ts";
import { edgeErrors, edgeLatency, edgeRate } from "../graph/graph-words.ts";
import type { GraphFocus } from "../graph/navigation.ts";
import { StateIcon } from "../graph/StateSign.tsx";
import { useTexts } from "../texts.tsx";

interface SelectionPanelProps {
  /** With every workload, also of collapsed cards. */
  graph: GraphModel;
  /** As it is drawn: with collapsed cards and edges, and the control plane where it is shown. */
  drawn: GraphModel;
  selected: GraphFocus | null;
  collapsed: ReadonlySet<string>;
  onCollapse(card: string, collapsed: boolean): void;
}

export function SelectionPanel({ graph, drawn, selected, collapsed, onCollapse }: SelectionPanelProps) {
  const { t } = useTexts();
  if (!selected) return null;
  if (selected.type === "edge") {
    const edge = drawn.edges.find((item) => item.id === selected.id);
    return edge ? <EdgeDetails edge={edge} /> : null;
  }
  if (selected.type === "control") return drawn.control ? <ControlTable part={drawn.control} /> : null;
  const cardId = selected.type === "row" ? selected.card : selected.id;
  const group = drawn.cards.find((item) => item.id === cardId && item.covers !== undefined);
  if (group) return <NamespaceDetails group={group} graph={graph} onExpand={() => onCollapse(group.id, false)} />;
  const card = graph.cards.find((item) => item.id === cardId);
  const own = (card?.rows ?? []).filter((row) => row.id === selected.id);
  // The one row of a collapsed card stands for all of them.
  const rows = selected.type === "row" && own.length > 0 ? own : (card?.rows ?? []);
  const isFolded = card !== undefined && collapsed.has(card.id);
  return (
    <section className="selection" aria-live="off">
      <h2>{own.length > 0 ? own[0]?.name : card?.title}</h2>
      {card && (isFolded || canFold(card)) ? (
        <button type="button" onClick={() => onCollapse(card.id, !isFolded)}>
          {t(isFolded ? "sandbox:graph.expand" : "sandbox:graph.collapse", { name: card.title })}
        </button>
      ) : null}
      {card && canFoldNamespace(drawn, card.namespace) ? (
        <button type="button" onClick={() => onCollapse(namespaceId(card.namespace), true)}>
          {t("sandbox:graph.collapseNamespace", { name: card.namespace })}
        </button>
      ) : null}
      {rows.map((row) => (
        <RowDetails key={row.id} row={row} titled={rows.length > 1} />
      ))}
    </section>
  );
}

function NamespaceDetails({ group, graph, onExpand }: { group: GraphCard; graph: GraphModel; onExpand(): void }) {
  const { t } = useTexts();
  const members = graph.cards.filter(({ id }) => group.covers?.includes(id));
  return (
    <section className="selection" aria-live="off">
      <h2>{t("sandbox:node.namespace", { name: group.title })}</h2>
      <button type="button" onClick={onExpand}>
        {t("sandbox:graph.expand", { name: group.title })}
      </button>
      {members.flatMap((card) => card.rows.map((row) => <RowDetails key={row.id} row={row} titled />))}
    </section>
  );
}

function EdgeDetails({ edge }: { edge: GraphEdge }) {
  const texts = useTexts();
  const { t, number } = texts;
  const flags = Object.entries(edge.flags).filter(([flag, count]) => flag !== "-" && flag !== "" && count > 0);
  return (
    <section className="selection">
      <h2>
        {edge.from.name} → {edge.to.name}
      </h2>
      <dl>
        <Fact name={t("sandbox:column.rate")} value={edgeRate(edge, texts)} />
        <Fact name={t("sandbox:column.requests")} value={number(edge.requests, 0)} />
        <Fact name={t("sandbox:column.errors")} value={number(edge.errors, 0)} />
        <Fact name={t("sandbox:column.errorsNow")} value={edgeErrors(edge, texts) || "–"} />
        <Fact name="p50" value={edgeLatency(edge, texts, "p50")} />
        <Fact name="p95" value={edgeLatency(edge, texts, "p95")} />
        <Fact name="p99" value={edgeLatency(edge, texts, "p99")} />
        <Fact name={t("sandbox:column.security")} value={t(`sandbox:security.${edge.security}`)} />
        {flags.map(([flag, count]) => (
          <Fact key={flag} name={flag} value={`${number(count, 0)} ${texts.maybe(`sandbox:flag.${flag}`) ?? ""}`} />
        ))}
      </dl>
    </section>
  );
}

function RowDetails({ row, titled }: { row: GraphRow; titled: boolean }) {
  const texts = useTexts();
  const { t, number, percent } = texts;
  return (
    <>
      {titled ? <h3>{row.name}</h3> : null}
      <dl>
        <Fact name={t("sandbox:column.state")} value={t(`sandbox:state.${row.state}`)} />
        <Fact name={t("sandbox:column.share")} value={row.share === null ? "–" : percent(row.share)} />
        <Fact name={t("sandbox:column.requests")} value={number(row.requests, 0)} />
        <Fact name={t("sandbox:column.denied")} value={number(row.denied, 0)} />
        <Fact name={t("sandbox:column.plaintext")} value={row.plaintextShare === null ? "–" : percent(row.plaintextShare)} />
      </dl>
      <ul className="replica-list">
        {row.replicas.map((replica) => (
          <li key={replica.index}>
            <StateIcon state={replica.state} /> {t("sandbox:node.replica", { index: replica.index })}:{" "}
            {t(`sandbox:state.${replica.state}`)}, {t("sandbox:node.active", { count: replica.active })},{" "}
            {t("sandbox:node.queued", { count: replica.queued })}
          </li>
        ))}
      </ul>
    </>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

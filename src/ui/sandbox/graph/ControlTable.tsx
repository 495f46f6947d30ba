/** The text twin of control plane and CA: what each says of itself, and every proxy with what it was sent and took. */
import { TableFrame } from "../numbers/NumberTables.tsx";
import { useTexts } from "../texts.tsx";
import { controlSigns } from "./ControlParts.tsx";
import type { ControlPart } from "./control-model.ts";
import { controlSentence } from "./control-words.ts";
import { StateIcon } from "./StateSign.tsx";

const mostProxies = 100;

export function ControlTable({ part }: { part: ControlPart }) {
  const texts = useTexts();
  const { t } = texts;
  const shown = part.proxies
    .toSorted((a, b) => Number(a.state === "SYNCED") - Number(b.state === "SYNCED"))
    .slice(0, mostProxies);
  const more = part.proxies.length - shown.length;
  return (
    <section className="control-table" aria-label={t("sandbox:control.title")}>
      <ul>
        {part.nodes.map((node) => (
          <li key={node.id}>
            <StateIcon state={controlSigns[node.state]} /> {controlSentence(node, part, texts)}
          </li>
        ))}
      </ul>
      <TableFrame caption={t("sandbox:control.table")}>
        <thead>
          <tr>
            <th scope="col">{t("sandbox:control.proxy")}</th>
            <th scope="col">{t("sandbox:column.state")}</th>
            <th scope="col">{t("sandbox:control.sent")}</th>
            <th scope="col">{t("sandbox:control.taken")}</th>
            <th scope="col">{t("sandbox:control.reason")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map(({ node, replica, state, sent, acked, rejected }) => (
            <tr key={`${node} ${replica}`}>
              <th scope="row">
                {node} {replica < 0 ? "" : `#${replica}`}
              </th>
              <td>{state}</td>
              <td>{sent === 0 ? "–" : `v${sent}`}</td>
              <td>{acked === 0 ? "–" : `v${acked}`}</td>
              <td>{rejected || "–"}</td>
            </tr>
          ))}
        </tbody>
      </TableFrame>
      {more > 0 ? <p className="muted">{t("sandbox:control.more", { number: more })}</p> : null}
    </section>
  );
}

/** A diagram with one part hidden, and its arrows as a table for those who do not see it. */
import { type DiagramPartContent, hideInEdges, hidePart } from "#cards";
import "../lesson/diagram.css";
import { CardHtml } from "./CardHtml.tsx";
import type { FaceProps } from "./face-props.ts";

export function DiagramPart({ t, content, answerShown }: FaceProps<DiagramPartContent>) {
  const { svg, part, edges, promptHtml, whyHtml } = content;
  const shown = answerShown ? svg : hidePart(svg, part);
  const rows = answerShown ? edges : hideInEdges(edges, part);
  return (
    <>
      <CardHtml html={promptHtml} />
      <figure className="diagram practice-diagram">
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the site's own drawing, made from the lessons' diagrams at build time */}
        <div className="scroll" aria-hidden="true" dangerouslySetInnerHTML={{ __html: shown }} />
        <details>
          <summary>{t("lesson:diagram.asText")}</summary>
          <table>
            <thead>
              <tr>
                <th scope="col">{t("lesson:diagram.from")}</th>
                <th scope="col">{t("lesson:diagram.to")}</th>
                <th scope="col">{t("lesson:diagram.label")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((edge) => (
                <tr key={`${edge.from} ${edge.to} ${edge.label}`}>
                  <td>{edge.from === "[*]" ? t("lesson:diagram.start") : edge.from}</td>
                  <td>{edge.to === "[*]" ? t("lesson:diagram.end") : edge.to}</td>
                  <td>{edge.label}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      </figure>
      {answerShown && (
        <>
          <p className="practice-wanted">
            <strong>{part}</strong>
          </p>
          <CardHtml html={whyHtml} />
        </>
      )}
    </>
  );
}

/** A diagram of the lessons on a card, and its arrows as a table for those who do not see it. */
import type { DiagramSource } from "#cards";
import type { Translator } from "#i18n";
import "../lesson/diagram.css";

export function DiagramFigure({ t, diagram: { svg, edges } }: { t: Translator; diagram: DiagramSource }) {
  return (
    <figure className="diagram practice-diagram">
      {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the site's own drawing, made from the lessons' diagrams at build time */}
      <div className="scroll" aria-hidden="true" dangerouslySetInnerHTML={{ __html: svg }} />
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
            {edges.map((edge) => (
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
  );
}

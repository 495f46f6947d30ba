/**
 * A diagram of the lessons on a card, and its arrows as a table for those who do not see it. On a narrow screen it shrinks until its
 * words are at the edge of being readable and then scrolls in its own box.
 */
import type { CSSProperties } from "react";
import type { DiagramSource } from "#cards";
import type { Translator } from "#i18n";
import { ScrollRegion } from "./ScrollRegion.tsx";
import "../lesson/diagram.css";

export function DiagramFigure({ t, diagram: { svg, edges, description } }: { t: Translator; diagram: DiagramSource }) {
  // What the picture is of would tell what is hidden in it.
  const label = description === "" ? t("lesson:diagram.hidden") : t("lesson:diagram.region", { title: description });
  return (
    <figure className="diagram practice-diagram">
      <ScrollRegion className="scroll" label={label}>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: the site's own drawing, made from the lessons' diagrams at build time */}
        <div aria-hidden="true" style={widthOf(svg)} dangerouslySetInnerHTML={{ __html: svg }} />
      </ScrollRegion>
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

/** Letters of 14 px drawn at 10: smaller ones nobody reads. */
const leastScale = 0.7;

function widthOf(svg: string): CSSProperties {
  const natural = Number(/viewBox="\S+ \S+ (\S+) /.exec(svg)?.[1] ?? 0);
  return { minWidth: `${Math.round(natural * leastScale)}px` };
}

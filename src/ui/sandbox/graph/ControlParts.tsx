/** The drawn parts of control plane and CA: dashed lines, what each card has, and the two nodes. */
import { useTexts } from "../texts.tsx";
import { type ControlBand, controlLine } from "./control-band.ts";
import { type ControlLink, type ControlPart, type ControlState, linksTo } from "./control-model.ts";
import { controlNotes, controlSentence, linkBadge } from "./control-words.ts";
import { type PartProps, Stop, silent } from "./GraphParts.tsx";
import type { GraphModel, HealthState } from "./graph-model.ts";
import { shorten } from "./graph-words.ts";
import type { GraphLayout } from "./layout.ts";
import { StateSign } from "./StateSign.tsx";

interface ControlProps {
  part: ControlPart;
  drawn: GraphModel;
  layout: GraphLayout;
  band: ControlBand;
}

export const controlSigns: Readonly<Record<ControlState, HealthState>> = { healthy: "healthy", late: "slow", out: "crashed" };

/** Behind everything else. */
export function ControlLines({ part, drawn, layout, band }: ControlProps) {
  const out = new Set(part.nodes.filter(({ state }) => state === "out").map(({ id }) => id));
  const links = linksTo(drawn, part.links);
  return (
    <g {...silent} className="control-lines">
      {links.map((link) => {
        const box = layout.cards.get(link.card);
        if (!box) return null;
        const config = out.has("controlPlane") ? "cut" : link.config;
        const certificates = out.has("authority") ? "cut" : link.certificates;
        return (
          <g key={link.card}>
            <path d={controlLine(band, "controlPlane", box)} className={`control-line control-${config}`} />
            <path
              d={controlLine(band, "authority", box)}
              className={`control-line control-line-authority control-${certificates}`}
            />
          </g>
        );
      })}
    </g>
  );
}

export function ControlBadges({ part, drawn, layout }: Omit<ControlProps, "band">) {
  const texts = useTexts();
  return (
    <g {...silent} className="control-badges">
      {linksTo(drawn, part.links).map((link: ControlLink) => {
        const box = layout.cards.get(link.card);
        const words = linkBadge(link, part.version, texts);
        if (!box || words === "") return null;
        const width = words.length * 6 + 10;
        const [x, y] = [box.x + box.width - 8 - width, box.y + box.height - 7];
        const isBad = link.config !== "current" || link.certificates === "expired";
        return (
          <g key={link.card} className={isBad ? "control-badge control-badge-bad" : "control-badge"}>
            <rect x={x} y={y} width={width} height={14} rx={4} />
            <text x={x + width / 2} y={y + 10.5} textAnchor="middle">
              {words}
            </text>
          </g>
        );
      })}
    </g>
  );
}

export function ControlNodes({ part, band, ...stop }: PartProps & Pick<ControlProps, "part" | "band">) {
  const texts = useTexts();
  return (
    <>
      {part.nodes.map((node) => {
        const box = band.nodes.get(node.id);
        if (!box) return null;
        const notes = controlNotes(node, part, texts).join(" · ");
        const words = (
          <>
            <text className="card-title" x={box.x + 34} y={box.y + 19}>
              {texts.t(`sandbox:control.name.${node.id}`)}
            </text>
            <text className="row-note" x={box.x + 34} y={box.y + 36}>
              {shorten(notes, 29)}
            </text>
          </>
        );
        return (
          <g key={node.id} className={`graph-card graph-card-control control-node-${node.id}`}>
            <Stop
              {...stop}
              focus={{ type: "control", id: node.id }}
              label={controlSentence(node, part, texts)}
              className=""
              words={words}
            >
              <title>{notes}</title>
              <rect className="card-body" x={box.x} y={box.y} width={box.width} height={box.height} rx={8} />
              <StateSign state={controlSigns[node.state]} x={box.x + 18} y={box.y + 15} />
            </Stop>
          </g>
        );
      })}
    </>
  );
}

/** A diagram with one part hidden; the answer shows it whole. */
import type { DiagramPartContent } from "#cards";
import { CardHtml } from "./CardHtml.tsx";
import { DiagramFigure } from "./DiagramFigure.tsx";
import type { FaceProps } from "./face-props.ts";

export function DiagramPart({ t, card, content: { part, promptHtml, whyHtml }, answerShown }: FaceProps<DiagramPartContent>) {
  const { front, back } = card.note.pictures ?? {};
  const shown = answerShown ? back : front;
  return (
    <>
      <CardHtml html={promptHtml} />
      {shown && <DiagramFigure t={t} diagram={shown} />}
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

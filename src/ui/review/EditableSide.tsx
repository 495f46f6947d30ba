/** One side of a card, edited as it looks. */
import type { RefObject } from "react";
import type { Note } from "#cards";

export interface EditableSideProps {
  id: string;
  name: string;
  text: RefObject<HTMLDivElement | null>;
  lang: Note["lang"];
}

export function EditableSide({ id, name, text, lang }: EditableSideProps) {
  return (
    <>
      <p id={id}>{name}</p>
      {/* biome-ignore lint/a11y/useSemanticElements: a textarea cannot show the card as it looks */}
      <div
        ref={text}
        contentEditable
        role="textbox"
        aria-multiline="true"
        tabIndex={0}
        className="practice-editor"
        aria-labelledby={id}
        lang={lang}
      />
    </>
  );
}

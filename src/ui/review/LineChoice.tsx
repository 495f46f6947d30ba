/** A text line by line, of which one is marked: arrow keys go through the lines, as in any group of radio buttons. */
import type { ReactNode } from "react";

export interface LineChoiceProps {
  /** What is asked, for screen readers. */
  legend: string;
  /** Unique on the page. */
  name: string;
  lines: readonly string[];
  chosen: number | undefined;
  disabled: boolean;
  onChoose(index: number): void;
  /** Class and words of a line that is judged. */
  markOf(index: number): { className: string; words: ReactNode } | undefined;
}

export function LineChoice({ legend, name, lines, chosen, disabled, onChoose, markOf }: LineChoiceProps) {
  return (
    <fieldset className="practice-lines" disabled={disabled}>
      <legend className="mw-visually-hidden">{legend}</legend>
      {lines.map((line, index) => {
        const mark = markOf(index);
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines never change their places
          <label key={index} className={mark?.className}>
            <input type="radio" name={name} checked={chosen === index} onChange={() => onChoose(index)} />
            <span className="practice-line-number" aria-hidden="true">
              {index + 1}
            </span>
            <code>{line}</code>
            {mark && <span className="mw-visually-hidden">{mark.words}</span>}
          </label>
        );
      })}
    </fieldset>
  );
}

/** The four ratings, each with the interval it leads to. */
import { type Answer, type Rating, ratings } from "#cards";
import type { Translator } from "#i18n";
import { formatInterval } from "./format-interval.ts";

const labels = { 1: "cards:rating.1", 2: "cards:rating.2", 3: "cards:rating.3", 4: "cards:rating.4" } as const;

export interface RatingButtonsProps {
  t: Translator;
  choices: Readonly<Record<Rating, Answer>>;
  onRate(rating: Rating): void;
}

export function RatingButtons({ t, choices, onRate }: RatingButtonsProps) {
  return (
    <fieldset className="practice-ratings">
      <legend className="mw-visually-hidden">{t("cards:rating.group")}</legend>
      {ratings.map((rating) => {
        const interval = formatInterval(choices[rating].interval, t.language);
        return (
          <button key={rating} type="button" aria-keyshortcuts={String(rating)} onClick={() => onRate(rating)}>
            <span className="practice-rating">{t(labels[rating])}</span>
            <span className="practice-interval" aria-hidden="true">
              {interval}
            </span>
            <span className="mw-visually-hidden">, {t("cards:rating.interval", { interval })}</span>
          </button>
        );
      })}
    </fieldset>
  );
}

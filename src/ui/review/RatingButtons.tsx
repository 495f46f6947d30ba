/** The four ratings, each with the interval it leads to, if it leads to one; a proposed one stands out. */
import { type Answer, type Rating, ratings } from "#cards";
import type { Translator } from "#i18n";
import { formatInterval } from "./format-interval.ts";

const labels = { 1: "cards:rating.1", 2: "cards:rating.2", 3: "cards:rating.3", 4: "cards:rating.4" } as const;

export interface RatingButtonsProps {
  t: Translator;
  /** Undefined when answers leave the schedule alone. */
  choices: Readonly<Record<Rating, Answer>> | undefined;
  proposed?: Rating | undefined;
  onRate(rating: Rating): void;
}

export function RatingButtons({ t, choices, proposed, onRate }: RatingButtonsProps) {
  return (
    <fieldset className="practice-ratings">
      <legend className="mw-visually-hidden">{t("cards:rating.group")}</legend>
      {ratings.map((rating) => {
        const interval = choices && formatInterval(choices[rating].interval, t.language);
        const isProposed = rating === proposed;
        return (
          <button
            key={rating}
            type="button"
            className={isProposed ? "practice-main" : undefined}
            aria-keyshortcuts={isProposed ? `${rating} Space` : String(rating)}
            onClick={() => onRate(rating)}
          >
            <span className="practice-rating">{t(labels[rating])}</span>
            {interval !== undefined && (
              <>
                <span className="practice-interval" aria-hidden="true">
                  {interval}
                </span>
                <span className="mw-visually-hidden">, {t("cards:rating.interval", { interval })}</span>
              </>
            )}
            {isProposed && <span className="mw-visually-hidden">, {t("practice:proposed")}</span>}
          </button>
        );
      })}
    </fieldset>
  );
}

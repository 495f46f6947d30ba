/** Items with buttons that move them up and down; then each says where it belongs. */
import { useRef, useState } from "react";
import { judgeOrder, mixOrder, type OrderingContent } from "#cards";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import { CardHtml } from "./CardHtml.tsx";
import type { FaceProps } from "./face-props.ts";
import { Verdict } from "./Verdict.tsx";

const verdicts = { 1: "wrong", 2: "almost", 3: "right", 4: "right" } as const;

export function Ordering({ t, card, content, answerShown, onJudged }: FaceProps<OrderingContent>) {
  const [order, setOrder] = useCarriedState("done", () => mixOrder(content.items.length, `${card.id} ${card.schedule.reps}`));
  const [moved, setMoved] = useState("");
  const list = useRef<HTMLOListElement>(null);
  const { misplaced, rating } = judgeOrder(order);

  const move = (place: number, by: -1 | 1) => {
    const to = place + by;
    if (to < 0 || to >= order.length) return;
    const next = [...order];
    [next[place], next[to]] = [next[to]!, next[place]!];
    setOrder(next);
    setMoved(t("practice:ordering.moved", { place: to + 1, count: order.length }));
    // The focus stays on the button that was pressed: it moves with its item.
    requestAnimationFrame(() => {
      const buttons = list.current?.children[to]?.querySelectorAll("button");
      const same = buttons?.[by === -1 ? 0 : 1];
      (same?.disabled ? buttons?.[by === -1 ? 1 : 0] : same)?.focus();
    });
  };

  return (
    <>
      <CardHtml html={promptOf(card.note.frontHtml)} />
      <ol ref={list} className="practice-order">
        {order.map((item, place) => (
          <li key={item} className={answerShown && misplaced.includes(place) ? "practice-misplaced" : undefined}>
            <CardHtml html={content.items[item] ?? ""} />
            {answerShown ? (
              <span className="practice-place">
                {item === place ? t("practice:ordering.right") : t("practice:ordering.belongs", { place: item + 1 })}
              </span>
            ) : (
              <span className="practice-moves">
                <button
                  type="button"
                  disabled={place === 0}
                  onClick={() => move(place, -1)}
                  aria-label={t("practice:ordering.up", { place: place + 1 })}
                >
                  ↑
                </button>
                <button
                  type="button"
                  disabled={place === order.length - 1}
                  onClick={() => move(place, 1)}
                  aria-label={t("practice:ordering.down", { place: place + 1 })}
                >
                  ↓
                </button>
              </span>
            )}
          </li>
        ))}
      </ol>
      <p role="status" className="mw-visually-hidden">
        {answerShown ? "" : moved}
      </p>
      {answerShown ? (
        <>
          <Verdict t={t} verdict={verdicts[rating]} />
          <CardHtml html={content.whyHtml} />
        </>
      ) : (
        <button type="button" className="practice-check" onClick={() => onJudged(rating)}>
          {t("practice:check")}
        </button>
      )}
    </>
  );
}

/** The static form has the items beneath the question; here they are the list that can be moved. */
function promptOf(frontHtml: string): string {
  const items = frontHtml.lastIndexOf("\n<ul>");
  return items < 0 ? frontHtml : frontHtml.slice(0, items);
}

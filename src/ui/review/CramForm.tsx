/** A session of the learner's own choice: which cards, in which order, how many, and whether answers count. */
import { type FormEvent, useState } from "react";
import {
  type CardDeck,
  type CardPredicate,
  type CardStore,
  type CramOrder,
  cramOrders,
  parseSearch,
  type QueuedCard,
} from "#cards";
import type { Translator } from "#i18n";
import { useCarriedState } from "../shared/carry/use-carried-state.ts";
import type { Practice } from "./load-practice.ts";
import { readCards } from "./read-session.ts";
import { searchContext, searchIssueText } from "./search-context.ts";

export interface CramFormProps {
  t: Translator;
  practice: Practice;
  /** The search that the address brought. */
  search: string;
  onStarted(): void;
}

const amounts = [10, 20, 50, 100] as const;

export function CramForm({ t, practice, search: given, onStarted }: CramFormProps) {
  const { deck, session } = practice;
  const [choice, setChoice] = useCarriedState("cram choice", given === "" ? "all" : "search");
  const [search, setSearch] = useCarriedState("cram search", given);
  const [order, setOrder] = useCarriedState<CramOrder>("cram order", "weakest");
  const [limit, setLimit] = useCarriedState<number>("cram limit", 20);
  const [moves, setMoves] = useCarriedState("cram moves", false);
  const [open, setOpen] = useCarriedState("cram open", given !== "");
  const [message, setMessage] = useState("");

  async function start(event: FormEvent) {
    event.preventDefault();
    const query = choice === "search" ? search : choice === "all" ? "" : choice;
    const parsed = parseSearch(query);
    if (!parsed.ok) return setMessage(searchIssueText(t, parsed.error));
    const found = await findCards(practice, parsed.value);
    if (typeof found === "string") return setMessage(t(`cards:storeFailure.${found}`));
    if (found.length === 0) return setMessage(t("practice:cram.nothing"));
    setMessage("");
    await session.startCram({ title: titleOf(t, deck, choice, search), cards: found, order, limit, moves });
    onStarted();
  }

  return (
    <details className="practice-cram" open={open} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{t("practice:cram.title")}</summary>
      <form onSubmit={start}>
        <label>
          <span>{t("practice:cram.what")}</span>
          <select value={choice} onChange={(event) => setChoice(event.target.value)}>
            <option value="all">{t("practice:cram.all")}</option>
            <optgroup label={t("practice:cram.domains")}>
              {deck.domains
                .filter(({ lessons }) => lessons.length > 0)
                .map(({ id, title, weight }) => (
                  <option key={id} value={`domain:${id}`}>
                    {t("practice:cram.domain", { title, share: Math.round(weight * 100) })}
                  </option>
                ))}
            </optgroup>
            <optgroup label={t("cards:lesson.filter")}>
              {deck.lessons.map(({ slug, title }) => (
                <option key={slug} value={`lesson:${slug}`}>
                  {title}
                </option>
              ))}
            </optgroup>
            <option value="search">{t("practice:cram.search")}</option>
          </select>
        </label>
        {choice === "search" && (
          <label>
            <span>{t("practice:browse.search")}</span>
            <input value={search} onChange={(event) => setSearch(event.target.value)} spellCheck={false} />
          </label>
        )}
        <label>
          <span>{t("practice:cram.order")}</span>
          <select value={order} onChange={(event) => setOrder(event.target.value as CramOrder)}>
            {cramOrders.map((one) => (
              <option key={one} value={one}>
                {t(`practice:cram.order.${one}`)}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>{t("practice:cram.limit")}</span>
          <select value={limit} onChange={(event) => setLimit(Number(event.target.value))}>
            {amounts.map((amount) => (
              <option key={amount}>{amount}</option>
            ))}
          </select>
        </label>
        <label className="practice-checkbox">
          <input type="checkbox" checked={moves} onChange={(event) => setMoves(event.target.checked)} />
          <span>{t("practice:cram.moves")}</span>
        </label>
        <button type="submit">{t("practice:cram.start")}</button>
        <p role="status">{message}</p>
      </form>
    </details>
  );
}

async function findCards(
  { notes, store, schedulers, clock, deck }: Practice,
  accepts: CardPredicate,
): Promise<QueuedCard[] | FailureCode> {
  const [cards, edits] = await Promise.all([readCards(notes, store), store.edits()]);
  if (!cards.ok) return cards.error.code;
  if (!edits.ok) return edits.error.code;
  const context = searchContext({ deck, schedulers, clock, edits: edits.value, nowMs: Date.now() });
  return cards.value.filter((card) => accepts(card, context));
}

type FailureCode = Extract<Awaited<ReturnType<CardStore["edits"]>>, { ok: false }>["error"]["code"];

function titleOf(t: Translator, deck: CardDeck, choice: string, search: string): string {
  if (choice === "all") return t("practice:cram.all");
  if (choice === "search") return search;
  const [field, id] = choice.split(":");
  const named = field === "domain" ? deck.domains.find((one) => one.id === id) : deck.lessons.find((one) => one.slug === id);
  return named?.title ?? choice;
}

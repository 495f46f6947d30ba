/** Moves the chosen cards to a deck, one that is there or a new one; an empty name gives them back to the deck of their note. */
import { type FormEvent, useState } from "react";
import type { Translator } from "#i18n";

export interface MoveToDeckProps {
  t: Translator;
  disabled: boolean;
  /** Names to choose from. */
  decks: readonly string[];
  onMove(deck: string): void;
}

const longestName = 200;

export function MoveToDeck({ t, disabled, decks, onMove }: MoveToDeckProps) {
  const [deck, setDeck] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onMove(cleanName(deck));
  };
  return (
    <form className="browse-move" onSubmit={submit}>
      <label>
        <span>{t("practice:browse.deck")}</span>
        <input
          list="browse-decks"
          value={deck}
          maxLength={longestName}
          disabled={disabled}
          placeholder={t("practice:browse.ownDeck")}
          onChange={({ target }) => setDeck(target.value)}
        />
      </label>
      <datalist id="browse-decks">
        {decks.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <button type="submit" disabled={disabled}>
        {t("practice:browse.move")}
      </button>
    </form>
  );
}

/** As Anki writes it: levels parted by "::", none of them empty. */
function cleanName(name: string): string {
  const levels = name.split("::").map((level) => level.replace(/["\p{Cc}]/gu, "").trim());
  return levels.filter((level) => level !== "").join("::");
}

/** Puts the whole state into the address and on the clipboard; says when that is too much for a link. */
import { useState } from "react";
import { useTexts } from "../texts.tsx";
import { encodeShareHash, type SharedState } from "./share-link.ts";

export function ShareButton({ shared }: { shared(): Promise<SharedState> }) {
  const { t } = useTexts();
  const [outcome, setOutcome] = useState<{ link: string; copied: boolean } | "tooLong" | null>(null);
  const share = async () => {
    const hash = encodeShareHash(await shared());
    if (!hash.ok) return setOutcome("tooLong");
    const link = `${location.origin}${location.pathname}${location.search}${hash.value}`;
    history.replaceState(history.state, "", link);
    const copied = await copyText(link);
    setOutcome({ link, copied });
  };
  return (
    <span className="share">
      <button type="button" onClick={() => void share()}>
        {t("sandbox:share.button")}
      </button>
      <span role="status" className="share-outcome">
        {outcome === "tooLong" ? t("sandbox:share.tooLong") : null}
        {outcome !== null && outcome !== "tooLong"
          ? t(outcome.copied ? "sandbox:share.copied" : "sandbox:share.inAddress")
          : null}
      </span>
    </span>
  );
}

/** @returns false where the browser refuses the clipboard. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

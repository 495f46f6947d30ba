/** Pictures and sounds of imported notes that nothing shows any more, and the room they take. */
import { useEffect, useState } from "react";
import type { CardStore, MediaSize } from "#cards";
import type { Translator } from "#i18n";

export function MediaPanel({ t, store }: { t: Translator; store: CardStore }) {
  const [unused, setUnused] = useState<MediaSize>();
  const [message, setMessage] = useState("");
  useEffect(() => {
    store.unusedMedia().then((found) => found.ok && setUnused(found.value));
  }, [store]);

  async function clear() {
    const freed = await store.clearUnusedMedia();
    if (!freed.ok) return setMessage(t(`cards:storeFailure.${freed.error.code}`));
    setUnused({ files: 0, bytes: 0 });
    setMessage(t("practice:media.cleared", { size: sizeText(freed.value.bytes, t.language) }));
  }

  if (!unused) return null;
  const size = sizeText(unused.bytes, t.language);
  return (
    <div className="statistic">
      <h2>{t("practice:media.title")}</h2>
      <p>{unused.files === 0 ? t("practice:media.none") : t("practice:media.unused", { count: unused.files, size })}</p>
      {unused.files > 0 && (
        <button type="button" onClick={clear}>
          {t("practice:media.clear")}
        </button>
      )}
      <p role="status">{message}</p>
    </div>
  );
}

const kib = 1024;

function sizeText(bytes: number, language: string): string {
  const [unit, value] = bytes < kib * kib ? (["kilobyte", bytes / kib] as const) : (["megabyte", bytes / kib / kib] as const);
  return new Intl.NumberFormat(language, { style: "unit", unit, maximumFractionDigits: 1 }).format(value);
}

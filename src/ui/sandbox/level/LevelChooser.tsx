/** Which level to open: a plain choice that changes the address, so that back and reload do what they should. */
import { useTexts } from "../texts.tsx";
import type { LevelEntry } from "./level.ts";

export function LevelChooser({ levels, current }: { levels: readonly LevelEntry[]; current: string }) {
  const { t } = useTexts();
  if (levels.length === 0) return null;
  return (
    <label className="level-chooser">
      <span>{t("sandbox:level.choose")}</span>
      <select
        value={current}
        onChange={(event) => {
          const id = event.target.value;
          location.assign(`${location.pathname}${id ? `?scenario=${encodeURIComponent(id)}` : ""}`);
        }}
      >
        <option value="">{t("sandbox:level.free")}</option>
        {levels.map((level) => (
          <option key={level.id} value={level.id}>
            {level.title}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Which level to open: a plain choice that changes the address, so that back and reload do what they should. */
import { useTexts } from "../texts.tsx";
import type { LevelEntry } from "./level.ts";
import { byModule, levelState } from "./level-progress.ts";

interface LevelChooserProps {
  levels: readonly LevelEntry[];
  current: string;
  /** Of the current one, which is known before the list is. */
  title: string;
  fewest: ReadonlyMap<string, number>;
}

export function LevelChooser({ levels, current, title, fewest }: LevelChooserProps) {
  const { t } = useTexts();
  const listed = levels.some(({ id }) => id === current);
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
        {current === "" || listed ? null : <option value={current}>{title}</option>}
        {byModule(levels).map(({ module, levels: own }) => (
          <optgroup key={module} label={module}>
            {own.map((level) => (
              <option key={level.id} value={level.id}>
                {levelState(level, fewest) === "open" ? level.title : `✓ ${level.title}`}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
    </label>
  );
}

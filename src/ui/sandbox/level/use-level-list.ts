/** The list of all levels as the site's build wrote it (src/pages/[lang]/levels.json.ts), fetched when the page has time for it. */
import { useEffect, useState } from "react";
import type { LevelEntry } from "./level.ts";

/**
 * @param when nothing is fetched before
 * @returns null until it is there; empty where it cannot be had
 */
export function useLevelList(language: string, when: boolean): readonly LevelEntry[] | null {
  const [levels, setLevels] = useState<readonly LevelEntry[] | null>(null);
  useEffect(() => {
    if (!when) return;
    let gone = false;
    fetchList(language).then(
      (list) => gone || setLevels(list),
      () => gone || setLevels([]),
    );
    return () => {
      gone = true;
    };
  }, [language, when]);
  return levels;
}

async function fetchList(language: string): Promise<readonly LevelEntry[]> {
  const response = await fetch(`/${language}/levels.json`);
  if (!response.ok) throw new Error(`no list of levels: ${response.status}`);
  return (await response.json()) as readonly LevelEntry[];
}

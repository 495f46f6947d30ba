/** Practice settings before there is a store: a file of its own, so that a page that asks for progress alone loads no scheduler. */
import { localDayClock } from "../scheduling/day-clock.ts";
import { defaultDeckOptions } from "../scheduling/deck-options.ts";
import { defaultPracticeSettings, type PracticeSettings } from "../scheduling/practice-settings.ts";
import { createScheduler } from "../scheduling/schedule.ts";
import { createCardStore } from "./card-store.ts";
import type { CardStoreSettings } from "./card-store-api.ts";

export async function loadPracticeSettings(place: Pick<CardStoreSettings, "name" | "factory">): Promise<PracticeSettings> {
  const store = createCardStore({ ...place, scheduler: createScheduler(defaultDeckOptions, localDayClock()) });
  const settings = await store.settings();
  store.close();
  return settings.ok ? settings.value : defaultPracticeSettings;
}

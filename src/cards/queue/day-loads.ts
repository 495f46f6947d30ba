/** How full the days to come are, from the schedules of all cards: what the load balancer asks. */
import { siblingKeyOf } from "../model/note.ts";
import type { DayLoads } from "../scheduling/balance-load.ts";
import type { DayClock } from "../scheduling/day-clock.ts";
import type { Schedule } from "../scheduling/schedule.ts";

/** @param schedules card id → schedule @returns the loads as one card sees them (its own place does not count) */
export function createDayLoads(schedules: ReadonlyMap<string, Schedule>, clock: DayClock): (cardId: string) => DayLoads {
  const counts = new Map<number, number>();
  const familyDays = new Map<string, Map<string, number>>();
  for (const [id, { state, dueMs }] of schedules) {
    if (state !== "review") continue;
    const day = clock.dayOf(dueMs);
    counts.set(day, (counts.get(day) ?? 0) + 1);
    const family = familyOf(id);
    const days = familyDays.get(family) ?? new Map<string, number>();
    familyDays.set(family, days.set(id, day));
  }
  return (cardId) => {
    const siblings = familyDays.get(familyOf(cardId)) ?? new Map<string, number>();
    const own = siblings.get(cardId);
    const others = new Set([...siblings].filter(([id]) => id !== cardId).map(([, day]) => day));
    return {
      count: (day) => (counts.get(day) ?? 0) - (day === own ? 1 : 0),
      hasSibling: (day) => others.has(day),
    };
  };
}

function familyOf(cardId: string): string {
  return siblingKeyOf(cardId.replace(/#\d+$/, ""));
}

/**
 * Anki's day: it turns at 4 a.m. where the learner is, not at midnight UTC. Intervals and memory are counted in such
 * days. Knows time zones only through the offset it is given; never reads the clock.
 */

const dayMs = 86_400_000;

export interface DayClock {
  /** The number of the day a moment belongs to; only differences mean anything. */
  dayOf(ms: number): number;
  /** When that day begins, milliseconds since the epoch. */
  startOf(day: number): number;
  /** Minutes east of UTC at a moment. */
  offsetMinutes(ms: number): number;
}

/** The time zone of the machine. */
export function systemOffsetMinutes(ms: number): number {
  return -new Date(ms).getTimezoneOffset();
}

/**
 * Calendar days of a place, turning at `rolloverHours` local time (Anki's default is 4), daylight saving included.
 * @param offsetMinutes minutes east of UTC at a moment
 */
export function localDayClock(offsetMinutes = systemOffsetMinutes, rolloverHours = 4): DayClock {
  const rolloverMs = rolloverHours * 3_600_000;
  const startOf = (day: number) => {
    const wallMs = day * dayMs + rolloverMs;
    const guessMs = wallMs - offsetMinutes(wallMs) * 60_000;
    return wallMs - offsetMinutes(guessMs) * 60_000;
  };
  return {
    offsetMinutes,
    startOf,
    dayOf: (ms) => Math.floor((ms + offsetMinutes(ms) * 60_000 - rolloverMs) / dayMs),
  };
}

/**
 * Days of exactly 24 hours counted from one known turn, as Anki counts a review history back from `next_day_at`: in whole
 * seconds, so that the second of the turn still belongs to the day before (rslib/src/scheduler/fsrs/params.rs).
 * @param nextDayAtS seconds since the epoch of any turn of the day
 */
export function fixedDayClock(nextDayAtS: number): DayClock {
  const anchorMs = nextDayAtS * 1000;
  return {
    offsetMinutes: () => 0,
    startOf: (day) => anchorMs + day * dayMs,
    dayOf: (ms) => -1 - Math.floor((nextDayAtS - Math.floor(ms / 1000)) / 86_400),
  };
}

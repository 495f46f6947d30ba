/** The questions' cards in the learner's storage: schedule, and the mark that puts one on the review pile. Loaded when first needed. */
import {
  type CardRef,
  type CardStore,
  cardIdOf,
  createDeckSchedulers,
  type DeckSchedulers,
  type Flag,
  loadPracticeSettings,
  localDayClock,
  noMarks,
  openCardStore,
  type Schedule,
} from "#cards";
import type { Language } from "#i18n";

/** A question on the pile carries this flag, in Anki too: blue. */
const pileFlag: Flag = 4;

export interface QuestionStore {
  store: CardStore;
  schedulers: DeckSchedulers;
  lang: Language;
}

export async function openQuestionStore(lang: Language): Promise<QuestionStore> {
  const schedulers = createDeckSchedulers(await loadPracticeSettings(), localDayClock());
  return { store: await openCardStore({ scheduler: schedulers.base }), schedulers, lang };
}

export function questionCard(slug: string, lang: Language): CardRef {
  return { slug: `interview-${slug}-${lang}`, ord: 0 };
}

export interface QuestionProgress {
  scheduleOf(slug: string): Schedule | undefined;
  schedules: ReadonlyMap<string, Schedule>;
  /** Slugs of the questions marked by hand. */
  marked: ReadonlySet<string>;
  /** The pile: marked ones, and those whose time has come. */
  pile: ReadonlySet<string>;
}

/** Empty where storage is closed: the questions can be read all the same. */
export async function readProgress(opened: QuestionStore, slugs: readonly string[], nowMs: number): Promise<QuestionProgress> {
  const [schedules, marks] = await Promise.all([opened.store.schedules(), opened.store.marks()]);
  const known = schedules.ok ? schedules.value : new Map<string, Schedule>();
  const idOf = (slug: string) => cardIdOf(questionCard(slug, opened.lang));
  const scheduleOf = (slug: string) => known.get(idOf(slug));
  const flagOf = (slug: string) => ((marks.ok && marks.value.get(idOf(slug))) || noMarks).flag;
  const marked = new Set(slugs.filter((slug) => flagOf(slug) > 0));
  const isDue = (slug: string) => {
    const schedule = scheduleOf(slug);
    return schedule !== undefined && schedule.state !== "new" && schedule.dueMs <= nowMs;
  };
  return { scheduleOf, schedules: known, marked, pile: new Set([...marked, ...slugs.filter(isDue)]) };
}

/** Puts a question on the pile or takes it off. @returns the failure's code where storage says no */
export async function markQuestion(opened: QuestionStore, slug: string, onPile: boolean, nowMs: number) {
  const done = await opened.store.mark([questionCard(slug, opened.lang)], { flag: onPile ? pileFlag : 0 }, nowMs);
  return done.ok ? undefined : done.error.code;
}

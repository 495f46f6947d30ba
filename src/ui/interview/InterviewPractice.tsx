/** Practice of interview questions: one at a time with a timer; then the answer, a self-assessment on the ladder, and a card. */
import { useCallback, useEffect, useMemo, useState } from "react";
import { createTranslator, type Language, type Translator } from "#i18n";
import type { QuestionView } from "#lessons";
import { carried } from "../shared/carry/carry.ts";
import { useCarried } from "../shared/carry/use-carried-state.ts";
import { AnswerTimer } from "./AnswerTimer.tsx";
import { type AnsweredQuestion, AssessedAnswer } from "./AssessedAnswer.tsx";
import { isShown, readFilter, writeFilter } from "./question-filter.ts";
import { openQuestionStore, type QuestionProgress, type QuestionStore, readProgress } from "./question-store.ts";
import { orderToAsk } from "./rubric.ts";

export interface InterviewPracticeProps {
  lang: Language;
  questionsUrl: string;
  listUrl: string;
  cardsUrl: string;
}

/** What goes along when the reader changes the language: the same questions in the same order, and how far one is. */
interface CarriedRound {
  slugs: readonly string[];
  at: number;
  shownAtMs: number;
  answer: AnsweredQuestion | null;
  answered: number;
}

interface Round {
  /** Where it goes on, when it was begun in the other language. */
  begun: CarriedRound | undefined;
  questions: readonly QuestionView[];
  opened: QuestionStore;
  progress: QuestionProgress;
}

type State = { phase: "loading" } | { phase: "failed" } | { phase: "ready"; round: Round };

export function InterviewPractice({ lang, questionsUrl, listUrl, cardsUrl }: InterviewPracticeProps) {
  const t = useMemo(() => createTranslator(lang), [lang]);
  const [state, setState] = useState<State>({ phase: "loading" });
  const load = useCallback(async () => {
    setState({ phase: "loading" });
    try {
      setState({ phase: "ready", round: await startRound(lang, questionsUrl) });
    } catch {
      setState({ phase: "failed" });
    }
  }, [lang, questionsUrl]);
  useEffect(() => {
    load();
  }, [load]);

  if (state.phase === "loading") return <p role="status">{t("interview:loading")}</p>;
  if (state.phase === "failed") {
    return (
      <div role="alert">
        <p>{t("interview:loadFailed")}</p>
        <button type="button" className="main" onClick={load}>
          {t("interview:retry")}
        </button>
      </div>
    );
  }
  const back = listUrl + writeFilter(readFilter(location.search));
  return <Asking t={t} round={state.round} backUrl={back} cardsUrl={cardsUrl} onAgain={load} />;
}

/** The questions that the address asks for, in the order in which they are asked. */
async function startRound(lang: Language, questionsUrl: string): Promise<Round> {
  const response = await fetch(questionsUrl);
  if (!response.ok) throw new Error(String(response.status));
  const all: QuestionView[] = await response.json();
  const opened = await openQuestionStore(lang);
  const nowMs = Date.now();
  const slugs = all.map(({ slug }) => slug);
  const progress = await readProgress(opened, slugs, nowMs);
  const filter = readFilter(location.search);
  const chosen = all.filter((question) => {
    const exam = question.exam.map(({ id }) => id);
    const text = `${question.question} ${question.spokenHtml.replace(/<[^>]*>/g, " ")}`;
    return isShown({ ...question, module: question.module.slug, exam, text }, filter, progress.pile);
  });
  const begun = carried("interview") as CarriedRound | undefined;
  const bySlug = new Map(all.map((question) => [question.slug, question]));
  const again = begun?.slugs.flatMap((slug) => bySlug.get(slug) ?? []);
  const questions = again ?? orderToAsk(chosen, progress.scheduleOf, nowMs);
  return { questions, begun: questions.length === begun?.slugs.length ? begun : undefined, opened, progress };
}

interface AskingProps {
  t: Translator;
  round: Round;
  backUrl: string;
  cardsUrl: string;
  onAgain(): void;
}

function Asking({ t, round, backUrl, cardsUrl, onAgain }: AskingProps) {
  const { begun } = round;
  const [at, setAt] = useState(begun?.at ?? 0);
  const [shownAtMs, setShownAtMs] = useState(() => begun?.shownAtMs ?? Date.now());
  const [answer, setAnswer] = useState<AnsweredQuestion | null>(begun?.answer ?? null);
  const [answered, setAnswered] = useState(begun?.answered ?? 0);
  const slugs = round.questions.map(({ slug }) => slug);
  useCarried("interview", { slugs, at, shownAtMs, answer, answered } satisfies CarriedRound, () => undefined);
  const [heading, setHeading] = useState<HTMLHeadingElement | null>(null);
  const question = round.questions[at];

  // The question is what a screen reader says next, and where the keyboard goes on.
  useEffect(() => {
    if (at > (begun?.at ?? 0)) heading?.focus();
  }, [at, heading, begun]);

  const next = () => {
    setAnswer(null);
    setShownAtMs(Date.now());
    setAt(at + 1);
  };
  if (round.questions.length === 0) {
    return (
      <p role="status">
        {t("interview:empty")} <a href={backUrl}>{t("interview:back")}</a>
      </p>
    );
  }
  if (!question) {
    return (
      <section>
        <h2 ref={setHeading} tabIndex={-1}>
          {t("interview:done.title")}
        </h2>
        <p>{t("interview:done.text", { count: answered })}</p>
        <p className="interview-actions">
          <button type="button" className="main" onClick={onAgain}>
            {t("interview:done.again")}
          </button>
          <a className="button" href={cardsUrl}>
            {t("interview:done.cards")}
          </a>
          <a className="button" href={backUrl}>
            {t("interview:back")}
          </a>
        </p>
      </section>
    );
  }
  return (
    <section aria-labelledby="asked-question">
      <p className="meta">
        <span>{t("interview:ask.progress", { number: at + 1, total: round.questions.length })}</span>
        <span>{question.module.title}</span>
        <span>{t("interview:askedAt", { level: t(`interview:level.${question.level}`) })}</span>
      </p>
      <h2 id="asked-question" ref={setHeading} tabIndex={-1}>
        {question.question}
      </h2>
      {answer ? (
        <AssessedAnswer
          key={question.slug}
          t={t}
          question={question}
          answer={answer}
          round={round}
          onSaved={() => setAnswered(answered + 1)}
          onNext={next}
        />
      ) : (
        <>
          <p>{t("interview:ask.hint")}</p>
          <AnswerTimer key={question.slug} t={t} sinceMs={shownAtMs} />
          <p className="interview-actions">
            <button type="button" className="main" onClick={() => setAnswer({ shownAtMs, answeredAtMs: Date.now() })}>
              {t("interview:ask.show")}
            </button>
            <button type="button" onClick={next}>
              {t("interview:ask.skip")}
            </button>
            <a className="button" href={backUrl}>
              {t("interview:back")}
            </a>
          </p>
        </>
      )}
    </section>
  );
}

/**
 * Predict, then run: whether the run that is about to begin asks something, what was answered, and what came of it. An answer belongs to
 * one plan from its start; what came out is known only when that run has ended.
 */
import { useEffect, useState } from "react";
import type { PredictionOutcome, RunPlan } from "#scenario";
import type { RunController } from "../run/run-controller.ts";
import type { RunState } from "../run/run-state.ts";
import { isRight, type PredictionQuestion } from "./judge-prediction.ts";

export interface GivenPrediction {
  value: number;
  /** 0.5–1. */
  confidence: number;
}

export interface PredictControl {
  questions: readonly PredictionQuestion[];
  /** The experiment asks, and neither an answer nor a refusal was given yet: the run waits. */
  mustAsk: boolean;
  /** The questions stand open. */
  asking: boolean;
  /** A question may be had on demand before this run. */
  canAsk: boolean;
  given: readonly GivenPrediction[] | null;
  /** Null until the run has ended. */
  outcomes: readonly PredictionOutcome[] | null;
  /** The run was changed by hand: what came out says nothing about the prediction. */
  changed: boolean;
  /** The answer to this very plan, to be carried to another page, and back again there. */
  answer: GivenAnswer | null;
  restore(answer: GivenAnswer): void;
  ask(): void;
  give(given: readonly GivenPrediction[]): void;
  decline(): void;
}

export interface GivenAnswer {
  experiment: string;
  /** Null: skipped. */
  given: readonly GivenPrediction[] | null;
  /** What came of it is in the progress already. */
  kept: boolean;
}

interface Answered extends Omit<GivenAnswer, "kept"> {
  plan: RunPlan;
}

export function usePredict(state: RunState, controller: RunController): PredictControl {
  const plan = controller.world()?.opened.plan;
  const predict = plan?.goal?.predict;
  const questions = predict?.questions ?? [];
  const [answered, setAnswered] = useState<Answered | null>(null);
  const [wanted, setWanted] = useState<RunPlan | null>(null);
  const [kept, setKept] = useState<Answered | null>(null);
  const { frame } = state;
  const atStart = state.phase === "ready" && frame?.eventCount === 0;
  const canAsk = atStart && questions.length > 0;
  const mustAsk = canAsk && predict?.offered === false && answered?.experiment !== plan?.experiment.name;
  const given = answered && answered.plan === plan ? answered.given : null;
  const told = frame?.finished && frame.predicted?.length === questions.length ? frame.predicted : null;
  const outcomes = given ? told : null;
  const changed = state.changes.length > 0;

  useEffect(() => {
    if (!answered?.given || !outcomes || kept === answered || changed) return;
    setKept(answered);
    void import("../progress/keep-progress.ts").then(({ keepProgress }) => {
      const nowMs = Date.now();
      const rows = predictionRows(answered.experiment, questions, answered.given ?? [], outcomes);
      for (const [index, row] of rows.entries()) void keepProgress({ ...row, id: nowMs + index });
    });
  }, [answered, outcomes, kept, changed, questions]);

  const answer = (next: readonly GivenPrediction[] | null) => {
    setWanted(null);
    if (plan) setAnswered({ experiment: plan.experiment.name, plan, given: next });
  };
  return {
    questions,
    mustAsk,
    asking: mustAsk || (canAsk && wanted === plan),
    canAsk,
    given,
    outcomes,
    changed,
    answer:
      answered && answered.plan === plan
        ? { experiment: answered.experiment, given: answered.given, kept: kept === answered }
        : null,
    restore({ experiment, given: before, kept: wasKept }) {
      const opened = controller.world()?.opened.plan;
      if (opened?.experiment.name !== experiment) return;
      const next = { experiment, plan: opened, given: before };
      setAnswered(next);
      if (wasKept) setKept(next);
    },
    ask: () => setWanted(plan ?? null),
    give: answer,
    decline: () => answer(null),
  };
}

/** What is kept of them; a question to which the run gave no number is not counted. */
export function predictionRows(
  experiment: string,
  questions: readonly PredictionQuestion[],
  given: readonly GivenPrediction[],
  outcomes: readonly PredictionOutcome[],
) {
  return questions.flatMap((question, index) => {
    const [own, outcome] = [given[index], outcomes[index]];
    if (!own || !outcome || outcome.value === null) return [];
    const { value: measured, ...selector } = outcome;
    const right = isRight(question, own.value, measured);
    const text = Object.entries(selector)
      .map(([field, value]) => (field === "metric" ? String(value) : `${field} ${JSON.stringify(value)}`))
      .join(" ");
    return [
      {
        kind: "prediction" as const,
        subject: experiment,
        question: text,
        ...{ predicted: own.value, measured, right, confidence: own.confidence },
      },
    ];
  });
}

/**
 * Questions to one worker, one after the other, so that answers cannot overtake; says when one is late or the worker is lost.
 * After `drop` what was under way is forgotten and the next question starts a fresh worker.
 */
import type { Crashed, WorkerResponse } from "#protocol";
import type { WorkerLink } from "./worker-link.ts";

export interface WorkerLane<Request extends { type: string }, Answers extends Record<Request["type"], WorkerResponse>> {
  /** Starts the worker before the first question. */
  start(): void;
  /** @returns null when the worker broke or was dropped */
  ask<Type extends Request["type"]>(message: Extract<Request, { type: Type }>): Promise<Answers[Type] | null>;
  drop(): void;
}

export interface LaneOptions<Link> {
  connect(): Link;
  /** Real time after which a question counts as unanswered, ms. */
  patienceMs: number;
  onLate(): void;
  /** A late answer came after all. */
  onAnswer(): void;
  onCrash(crash: Crashed): void;
}

export function createWorkerLane<Request extends { type: string }, Answers extends Record<Request["type"], WorkerResponse>>({
  connect,
  patienceMs,
  onLate,
  onAnswer,
  onCrash,
}: LaneOptions<WorkerLink<Request, Answers>>): WorkerLane<Request, Answers> {
  let link: WorkerLink<Request, Answers> | null = null;
  let epoch = 0;
  let queue: Promise<unknown> = Promise.resolve();
  return {
    start() {
      link ??= connect();
    },
    ask(message) {
      const asked = epoch;
      const answer = queue.then(async () => {
        if (asked !== epoch) return null;
        link ??= connect();
        let late = false;
        const timer = setTimeout(() => {
          late = true;
          if (asked === epoch) onLate();
        }, patienceMs);
        const response = await link.ask(message);
        clearTimeout(timer);
        if (asked !== epoch) return null;
        if (late) onAnswer();
        if (!isCrash(response)) return response;
        onCrash(response);
        return null;
      });
      queue = answer.catch(() => null);
      return answer;
    },
    drop() {
      epoch++;
      link?.close();
      link = null;
      queue = Promise.resolve();
    },
  };
}

function isCrash(response: WorkerResponse): response is Crashed {
  return response.type === "crashed";
}

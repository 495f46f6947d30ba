/**
 * Speaks to AnkiConnect: one request at a time (the add-on serves one connection after the other), always version 6, the
 * key with every request and with every member of `multi`. Knows no transport: a page brings fetch, the command line
 * node:http.
 */
import type { AnkiAction, ParamsOf, ResultOf } from "./anki-actions.ts";
import { AnkiRefusal } from "./anki-failure.ts";

export interface AnkiReply {
  status: number;
  text: string;
}

/**
 * Posts a body and answers the reply.
 * @throws AnkiRefusal NotRunning, OriginNotAllowed, LoopbackDenied, NoAnswer, Cut, Cancelled
 */
export type AnkiTransport = (body: string, timeoutMs: number, signal: AbortSignal | undefined) => Promise<AnkiReply>;

export interface AnkiClientSettings {
  transport: AnkiTransport;
  apiKey?: string | undefined;
  signal?: AbortSignal | undefined;
}

type CallArguments<Action extends AnkiAction> = ParamsOf<Action> extends undefined ? [] : [params: ParamsOf<Action>];

export interface AnkiClient {
  /** @throws AnkiRefusal; AnkiError when Anki answers with an error */
  call<Action extends AnkiAction>(action: Action, ...params: CallArguments<Action>): Promise<ResultOf<Action>>;
  /** The same action many times in as few requests as is good for Anki; in order. The first error ends it. */
  callEach<Action extends AnkiAction>(action: Action, params: readonly ParamsOf<Action>[]): Promise<ResultOf<Action>[]>;
  /** Another key from now on: the page asks for it when Anki says that it needs one. */
  setApiKey(key: string): void;
}

const apiVersion = 6;
/** Anki answers in milliseconds, but a large export or an import takes its time, and so does a person at a dialog. */
const patienceMs: Partial<Record<AnkiAction, number>> = {
  requestPermission: 180_000,
  sync: 180_000,
  exportPackage: 180_000,
  importPackage: 180_000,
  retrieveMediaFile: 120_000,
  storeMediaFile: 120_000,
};
const usualPatienceMs = 60_000;
/** Members of one `multi`: Anki does nothing else meanwhile, its window included. */
const membersAtOnce = 50;

export function createAnkiClient({ transport, apiKey, signal }: AnkiClientSettings): AnkiClient {
  let key = apiKey;
  let last: Promise<unknown> = Promise.resolve();

  const requestOf = (action: string, params: unknown) => ({
    action,
    version: apiVersion,
    ...(params === undefined ? {} : { params }),
    ...(key === undefined || key === "" ? {} : { key }),
  });

  function send(action: string, params: unknown, timeoutMs: number): Promise<unknown> {
    const turn = last.then(async () => {
      if (signal?.aborted) throw new AnkiRefusal("Cancelled");
      return resultOf(action, await transport(JSON.stringify(requestOf(action, params)), timeoutMs, signal));
    });
    last = turn.catch(() => undefined);
    return turn;
  }

  return {
    call: (action, ...[params]) => send(action, params, patienceMs[action] ?? usualPatienceMs) as never,
    async callEach(action, params) {
      const results: unknown[] = [];
      for (const members of chunksOf(params, membersAtOnce)) {
        const actions = members.map((one) => requestOf(action, one));
        const answers = await send("multi", { actions }, usualPatienceMs * 2);
        if (!Array.isArray(answers) || answers.length !== members.length) throw new AnkiRefusal("NotAnkiConnect");
        for (const answer of answers) results.push(unwrap(action, answer));
      }
      return results as never;
    },
    setApiKey(next) {
      key = next;
    },
  };
}

function resultOf(action: string, { status, text }: AnkiReply): unknown {
  // The add-on's only other status, with an empty body.
  if (status === 403) throw new AnkiRefusal("OriginNotAllowed");
  let answer: unknown;
  try {
    answer = JSON.parse(text);
  } catch {
    throw new AnkiRefusal("NotAnkiConnect");
  }
  return unwrap(action, answer);
}

function unwrap(action: string, answer: unknown): unknown {
  if (typeof answer !== "object" || answer === null || !("result" in answer) || !("error" in answer)) {
    throw new AnkiRefusal("NotAnkiConnect");
  }
  const { result, error } = answer;
  if (error === null || error === undefined) return result;
  const words = String(error);
  if (words === "valid api key must be provided") throw new AnkiRefusal("BadApiKey");
  throw new AnkiRefusal("AnkiError", { action, error: words });
}

export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  const chunks: Item[][] = [];
  for (let at = 0; at < items.length; at += size) chunks.push(items.slice(at, at + size));
  return chunks;
}

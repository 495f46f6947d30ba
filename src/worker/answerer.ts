/** What both workers do with a message: unwrap it, answer it, turn a bug into `crashed`. Knows no question. */
import { type Crashed, type Envelope, envelopeFault, protocolVersion, type WorkerResponse } from "#protocol";

export interface Answerer {
  answer(data: unknown): Envelope<WorkerResponse>;
}

/** @param isRequest whether a message is one of this worker's questions */
export function createAnswerer<Request>(
  isRequest: (data: unknown) => data is Envelope<Request>,
  respond: (request: Request) => WorkerResponse,
): Answerer {
  return {
    answer(data) {
      if (!isRequest(data)) return envelope(0, crashed(new Error(`message refused: ${envelopeFault(data)}`, { cause: data })));
      try {
        return envelope(data.id, respond(data.message));
      } catch (error) {
        return envelope(data.id, crashed(error));
      }
    },
  };
}

function envelope(id: number, message: WorkerResponse): Envelope<WorkerResponse> {
  return { version: protocolVersion, id, message };
}

function crashed(error: unknown): Crashed {
  const { message, stack = "" } = error instanceof Error ? error : new Error(String(error));
  return { type: "crashed", message, stack };
}

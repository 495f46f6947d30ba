/** How a request or a try ended, in a few signs: the status, and the code of gRPC where that is what failed. */
import type { SandboxTexts } from "../texts.tsx";

export interface Outcome {
  /** 0 or null: no HTTP answer. */
  status: number | null;
  grpcStatus?: number | undefined;
}

export function outcomeWords({ status, grpcStatus }: Outcome, { t }: Pick<SandboxTexts, "t">): string {
  if (status === null || status === 0) return t("sandbox:why.noAnswerShort");
  return grpcStatus === undefined ? String(status) : `${status} (grpc-status ${grpcStatus})`;
}

/** A decision before it is placed in time: what compiling a plan writes down when someone asks why. */
import type { ConfigSource } from "../model/index.ts";
import type { DecisionStage } from "./explanation.ts";

export type DecisionParams = Readonly<Record<string, string | number>>;

export interface DecisionDraft {
  stage: DecisionStage;
  code: string;
  params: DecisionParams;
  source?: ConfigSource;
  considered: { code: string; params: DecisionParams; source?: ConfigSource }[];
}

/** Null: nobody asks. */
export type DecisionLog = DecisionDraft[] | null;

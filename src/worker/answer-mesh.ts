/**
 * Answers one question about YAML: the mesh worker without its port, so that Node tests run the same code. It remembers the plan it made
 * last, for speed alone: every question carries all that its answer depends on.
 */
import { editText, loadEnvoyDialect, type MeshFile, readParts } from "#mesh";
import { isMeshRequest, type MeshAnswers, type MeshRequest } from "#protocol";
import {
  completeText,
  countEdits,
  describeField,
  lintFiles,
  type PlanResult,
  planAction,
  planChange,
  planRun,
  runPlanOf,
  type TokenVerdicts,
  verifyTokens,
} from "#scenario";
import { type Answerer, createAnswerer } from "./answerer.ts";

/**
 * What has to be there before a message can be answered: the fields of Envoy's API where it brings a bootstrap, and verdicts on
 * signatures, which WebCrypto verifies in its own time.
 */
export async function prepareFor(data: unknown): Promise<TokenVerdicts | undefined> {
  if (!isMeshRequest(data)) return undefined;
  const { message } = data;
  await loadEnvoyDialect(filesOf(message));
  if (message.type === "plan") return verifyTokens(message.files);
  return message.type === "planChange" || message.type === "planAction" ? verifyTokens(message.opened) : undefined;
}

function filesOf(message: MeshRequest): readonly MeshFile[] {
  switch (message.type) {
    case "countEdits":
    case "readParts":
    case "editText":
      return [];
    case "planChange":
      return [...message.opened, ...message.since.flat(), ...message.files];
    case "planAction":
      return [...message.opened, ...message.since.flat(), { name: "", text: JSON.stringify([message.actions, message.action]) }];
    default:
      return message.files;
  }
}

export interface MeshAnswerer extends Answerer {
  /** Verdicts on the tokens in the files of the next question. */
  believe(tokens: TokenVerdicts | undefined): void;
}

export function createMeshAnswerer(): MeshAnswerer {
  let tokens: TokenVerdicts | undefined;
  let last: { text: string; result: PlanResult } | undefined;

  function planned(files: readonly MeshFile[]): PlanResult {
    const text = JSON.stringify(files);
    if (last?.text !== text) last = { text, result: planRun(files, tokens ? { tokens } : {}) };
    return last.result;
  }

  function respond(request: MeshRequest): MeshAnswers[MeshRequest["type"]] {
    switch (request.type) {
      case "lint":
        return { type: "linted", diagnostics: lintFiles(request.files) };
      case "countEdits":
        return { type: "editsCounted", edits: countEdits(request.from, request.to) };
      case "readParts":
        return { type: "partsRead", parts: readParts(request.text) };
      case "editText":
        return { type: "textEdited", text: editText(request.text, request.edit) };
      case "complete":
        return { type: "completed", completion: completeText(request.files, request.file, request.offset) };
      case "describe":
        return { type: "described", field: describeField(request.files, request.file, request.offset) };
      case "plan": {
        last = undefined;
        const result = planned(request.files);
        if (!result.ok) return { type: "planned", plan: null, diagnostics: result.diagnostics };
        return { type: "planned", plan: runPlanOf(result.plan), diagnostics: result.plan.diagnostics };
      }
      case "planAction": {
        const result = planned(request.opened);
        if (!result.ok) throw new Error("a run was opened with files that have no plan");
        const answer = planAction(result.plan, request);
        if (!answer.ok) return { type: "actionPlanned", planned: null, diagnostics: answer.diagnostics };
        const { ok: _ok, ...action } = answer;
        return { type: "actionPlanned", planned: action, diagnostics: [] };
      }
      case "planChange": {
        const result = planned(request.opened);
        if (!result.ok) throw new Error("a run was opened with files that have no plan");
        const answer = planChange(result.plan, request);
        return { type: "changePlanned", change: answer.ok ? answer.change : null, diagnostics: answer.diagnostics };
      }
    }
  }

  return {
    ...createAnswerer(isMeshRequest, respond),
    believe(verdicts) {
      tokens = verdicts;
    },
  };
}

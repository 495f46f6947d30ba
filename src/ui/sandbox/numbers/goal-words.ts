/** One line of a goal in words: what is measured, where, what was asked, what came out. Reads the check's own fields. */
import type { GoalCheck } from "#scenario";
import { unitOf } from "../predict/judge-prediction.ts";
import type { SandboxTexts } from "../texts.tsx";

export function goalSubject(check: GoalCheck, texts: SandboxTexts): string {
  if (check.metric === "probe") return texts.t("sandbox:goal.probe", { from: text(check.from), request: text(check.request) });
  if (check.metric === "config") return `${text(check.kind)} ${text(check.name)}: ${text(check.path)}`;
  const metric = texts.maybe(`sandbox:metric.${check.metric}`) ?? check.metric;
  const place = [
    typeof check.of === "string" ? check.of : "",
    typeof check.from === "string" || typeof check.to === "string" ? `${text(check.from)} → ${text(check.to)}` : "",
    typeof check.flag === "string" ? check.flag : "",
    typeof check.status === "number" || typeof check.status === "string" ? `${check.status}` : "",
    typeof check.traffic === "string" ? check.traffic : "",
  ].filter(Boolean);
  return place.length > 0 ? `${metric}: ${place.join(", ")}` : metric;
}

export function goalBound(check: GoalCheck, texts: SandboxTexts): string {
  const show = (value: unknown) => goalValue(check.metric, value, texts);
  if (check.metric === "probe") {
    const status = check.status === 0 ? texts.t("sandbox:why.noAnswerShort") : check.status;
    return texts.t("sandbox:goal.wanted", { bound: [status, check.flag].filter((part) => part !== undefined).join(" ") });
  }
  if (check.equals !== undefined) return `= ${show(check.equals)}`;
  if (check.atMost !== undefined) return `≤ ${show(check.atMost)}`;
  if (check.atLeast !== undefined) return `≥ ${show(check.atLeast)}`;
  if (Array.isArray(check.between)) return `${show(check.between[0])} … ${show(check.between[1])}`;
  return "";
}

export function goalValue(metric: string, value: unknown, texts: SandboxTexts): string {
  if (value === null || value === undefined) return "–";
  if (metric === "probe" && value === 0) return texts.t("sandbox:why.noAnswerShort");
  if (typeof value !== "number") return typeof value === "string" ? value : JSON.stringify(value);
  const unit = unitOf(metric);
  if (unit === "percent") return texts.t("sandbox:unit.percent", { value: texts.number(value * 100, 2) });
  if (unit === "ms") return texts.duration(value);
  return texts.number(value, 3);
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "*";
}

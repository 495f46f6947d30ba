/** A request as a trace and as the lines its proxies log, from a real run. */
import { readFileSync } from "node:fs";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { accessLogLine, logFields } from "#base";
import { createTranslator } from "#i18n";
import { openSession } from "#scenario";
import { flagNames } from "../../../../src/engine/proxy/response-flags.ts";
import { TextsProvider } from "../../../../src/ui/sandbox/texts.tsx";
import { AccessLog } from "../../../../src/ui/sandbox/why/AccessLog.tsx";
import { TraceWaterfall } from "../../../../src/ui/sandbox/why/TraceWaterfall.tsx";
import { waterfallRows } from "../../../../src/ui/sandbox/why/waterfall-rows.ts";

const files = ["experiment.yaml", "start.yaml"].map((name) => ({
  name,
  text: readFileSync(`content/scenarios/calm-a-retry-storm/${name}`, "utf8"),
}));

/** The first request with more than one try, long after its lines left the log's ring. */
function retried() {
  const opened = openSession(files, { seed: 7 });
  if (!opened.ok) throw new Error(JSON.stringify(opened.diagnostics));
  const { session } = opened;
  session.run();
  for (let id = 1; id < 3000; id++) {
    const explanation = session.explain(id);
    if (explanation?.hops.some((hop) => hop.attempts.length > 1)) return explanation;
  }
  throw new Error("no request was tried twice");
}

const explanation = retried();

test("every hop and try has a row that lies within the request", () => {
  const { rows, spanMs } = waterfallRows(explanation);
  const root = explanation.hops[0]!;
  expect(spanMs).toBeGreaterThanOrEqual((root.endMs ?? 0) - root.startMs);
  expect(rows.filter((row) => row.kind === "hop")).toHaveLength(explanation.hops.length);
  expect(rows.filter((row) => row.kind === "try").length).toBeGreaterThan(1);
  expect(rows.every((row) => row.fromMs >= 0 && row.fromMs + (row.tookMs ?? 0) <= spanMs + 1e-9)).toBe(true);
});

test("each proxy's own line of this request is found by replay, and agrees with the trace", () => {
  expect(explanation.log.length).toBeGreaterThan(0);
  expect(new Set(explanation.log.map((entry) => entry.REQUEST_ID)).size).toBe(1);
  const first = explanation.log.find((entry) => entry.UPSTREAM_REQUEST_ATTEMPT_COUNT > 1);
  const hop = explanation.hops.find((one) => one.attempts.length === first?.UPSTREAM_REQUEST_ATTEMPT_COUNT);
  expect(first?.RESPONSE_CODE).toBe(hop?.status);
  expect(accessLogLine(first!)).toMatch(/^\[[\d.]+\] "GET \S+ HTTP\/1\.1" \d+ \S+ \S+ "/);
});

test("every field and every flag has its words in both languages", () => {
  for (const language of ["en", "ru"] as const) {
    const t = createTranslator(language);
    for (const field of logFields) expect(t.has(`sandbox:log.${field}`), field).toBe(true);
    for (const flag of flagNames(0xffffff)) expect(t.has(`sandbox:flag.${flag}`), flag).toBe(true);
    const markup = renderToStaticMarkup(
      <TextsProvider language={language}>
        <TraceWaterfall explanation={explanation} />
        <AccessLog entries={explanation.log} />
      </TextsProvider>,
    );
    expect(markup).toContain("%RESPONSE_FLAGS%");
    expect(markup.match(/<tr/g)?.length).toBe(waterfallRows(explanation).rows.length + 1);
  }
});

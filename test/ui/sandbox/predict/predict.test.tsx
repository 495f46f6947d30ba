import { renderToStaticMarkup } from "react-dom/server";
import { beforeAll, describe, expect, test } from "vitest";
import { calibrationOf, type ProgressRow } from "#cards";
import { languages, loadLateTexts } from "#i18n";
import { CalibrationView } from "../../../../src/ui/sandbox/predict/CalibrationView.tsx";
import { isRight, type PredictionQuestion, readPrediction } from "../../../../src/ui/sandbox/predict/judge-prediction.ts";
import PredictPanel from "../../../../src/ui/sandbox/predict/PredictPanel.tsx";
import { type PredictControl, predictionRows } from "../../../../src/ui/sandbox/predict/use-predict.ts";
import { TextsProvider } from "../../../../src/ui/sandbox/texts.tsx";

beforeAll(() => loadLateTexts(""));

const question = (more: Partial<PredictionQuestion> = {}): PredictionQuestion => ({
  ...{ metric: "share", selector: { of: "payments-v2" }, path: [], choices: null, tolerance: null },
  ...more,
});

describe("a prediction as typed", () => {
  test.each([
    ["20", "percent", 0.2],
    ["5,26 %", "percent", 0.0526],
    ["12.5 ms", "ms", 12.5],
    ["-1", "number", -1],
    ["", "number", undefined],
    ["1e9", "number", undefined],
    ["a lot", "ms", undefined],
  ] as const)("%j in %s", (text, unit, value) => {
    expect(readPrediction(text, unit)).toEqual(value === undefined ? undefined : expect.closeTo(value, 12));
  });
});

describe("right is", () => {
  test.each([
    ["within a tenth", question(), 0.19, 0.2, true],
    ["not farther", question(), 0.17, 0.2, false],
    ["within the experiment's tolerance", question({ tolerance: 0.01 }), 0.19, 0.2, true],
    ["not farther than that", question({ tolerance: 0.005 }), 0.19, 0.2, false],
    ["none, where none came out", question(), 0.004, 0, true],
    ["not some, where none came out", question(), 0.01, 0, false],
    ["the choice nearest to it", question({ choices: [0.05, 0.2, 0.5] }), 0.2, 0.21, true],
    ["no other choice", question({ choices: [0.05, 0.2, 0.5] }), 0.05, 0.21, false],
  ] as const)("%s", (_what, asked, predicted, measured, right) => {
    expect(isRight(asked, predicted, measured)).toBe(right);
  });
});

test("what is kept says what was asked, and leaves out what could not be measured", () => {
  const outcomes = [
    { metric: "share", of: "payments-v2", value: 0.21 },
    { metric: "p99Ms", from: "a", value: null },
  ];
  const given = [
    { value: 0.2, confidence: 0.9 },
    { value: 5, confidence: 0.5 },
  ];
  expect(predictionRows("canary", [question(), question({ metric: "p99Ms" })], given, outcomes)).toEqual([
    {
      ...{ kind: "prediction", subject: "canary", question: 'share of "payments-v2"' },
      ...{ predicted: 0.2, measured: 0.21, right: true, confidence: 0.9 },
    },
  ]);
});

const control = (more: Partial<PredictControl>): PredictControl => ({
  ...{ questions: [question()], mustAsk: false, asking: false, canAsk: false, given: null, outcomes: null, changed: false },
  ...{ answer: null, ask() {}, give() {}, decline() {}, restore() {} },
  ...more,
});

describe.each(languages)("in %s", (language) => {
  const render = (predict: PredictControl) =>
    renderToStaticMarkup(
      <TextsProvider language={language}>
        <PredictPanel predict={predict} called={0} loadWhy={undefined} onRun={() => {}} onShowWhy={() => {}} />
      </TextsProvider>,
    );

  test("the question is asked; choices are offered as choices", () => {
    const asked = render(control({ asking: true, questions: [question(), question({ choices: [0.05, 0.2] })] }));
    expect(asked).toContain("payments-v2");
    expect(asked.match(/type="radio"/g)).toHaveLength(2);
  });

  test("afterwards prediction, computed number and difference stand together", () => {
    const told = render(
      control({ given: [{ value: 0.3, confidence: 0.8 }], outcomes: [{ metric: "share", of: "payments-v2", value: 0.2 }] }),
    );
    for (const part of ["30", "20", "−10", "✗"]) expect(told).toContain(part);
  });

  test("the picture of calibration has a table with the same numbers", () => {
    const row = (id: number, confidence: number, right: boolean): ProgressRow => ({
      ...{ kind: "prediction", id, subject: "x", question: "share", predicted: 1, measured: 1, right, confidence },
    });
    const rows = [row(1, 0.9, true), row(2, 0.9, false), row(3, 0.5, true)];
    const markup = renderToStaticMarkup(
      <TextsProvider language={language}>
        <CalibrationView calibration={calibrationOf(rows)} />
      </TextsProvider>,
    );
    expect(markup.match(/<circle/g)).toHaveLength(2);
    expect(markup.match(/<tbody>(.*)<\/tbody>/)?.[1]?.match(/<tr>/g)).toHaveLength(2);
    expect(markup).toMatch(/0[.,]357/);
  });
});

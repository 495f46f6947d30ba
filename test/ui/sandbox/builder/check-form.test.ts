/** Goals as forms: every metric the goal language has, with the fields it takes, and nothing lost on the way there and back. */
import { expect, test } from "vitest";
import { readExpectation } from "../../../../src/scenario/experiment/read-expect.ts";
import { refusesSelector } from "../../../../src/scenario/goal/metric.ts";
import { metricDefinitions } from "../../../../src/scenario/goal/metric-definitions.ts";
import {
  type CheckForm,
  emptyForm,
  fieldsOf,
  formOf,
  type Metric,
  metricFields,
  readCheck,
} from "../../../../src/ui/sandbox/builder/check-form.ts";

test("the form has the metrics of the goal language, with fields that they take and all that they need", () => {
  expect(Object.keys(metricFields).sort()).toEqual(Object.keys(metricDefinitions).sort());
  for (const [metric, fields] of Object.entries(metricFields)) {
    const definition = metricDefinitions[metric];
    if (!definition) throw new Error(metric);
    const extra = ["status", "flag", "event", "nth", "cycle"];
    const allowed = [...definition.needs, ...definition.takes] as string[];
    expect(
      fields.filter((field) => extra.includes(field) && !allowed.includes(field)),
      metric,
    ).toEqual([]);
    expect(
      definition.needs.filter((field) => !(fields as readonly string[]).includes(field)),
      metric,
    ).toEqual([]);
    for (const name of ["of", "from", "to", "traffic"] as const) {
      if ((fields as readonly string[]).includes(name))
        expect(refusesSelector(definition, name, {}), `${metric} ${name}`).toBe(false);
    }
  }
});

const filled: Readonly<Record<string, string>> = {
  ...{ of: "payments", replica: "0", traffic: "pay", status: "503", flag: "UH", event: "eject", nth: "2", cycle: "a, a, b" },
  ...{ request: "GET http://a:80/", kind: "Service", name: "a", namespace: "shop", path: "spec.ports[0].port", equals: "80" },
};

test.each([...(Object.keys(metricFields) as Metric[]), "probe", "config"] as const)(
  "%s: what the form writes is read as it was meant, and fills the form again",
  (kind) => {
    const fields = Object.fromEntries(fieldsOf(kind).flatMap((field) => (filled[field] ? [[field, filled[field]]] : [])));
    const form: CheckForm = {
      ...emptyForm,
      kind,
      bound: "between",
      low: "5",
      high: "7,5",
      fields: kind === "probe" ? { ...fields, from: "client" } : fields,
    };
    const read = readCheck(form, "bound");
    if (!read.ok) throw new Error(read.field);
    const faults: unknown[] = [];
    const reading = { report: (...fault: unknown[]) => faults.push(fault) };
    expect(readExpectation({ ...reading, diagnostics: faults } as never, ["spec", "expect", 0], read.check)).toBeDefined();
    expect(faults).toEqual([]);
    const again = formOf(read.check);
    expect(again && readCheck(again, "bound")).toEqual(read);
  },
);

test("a share is typed in percent; what is missing is named", () => {
  expect(readCheck({ ...emptyForm, kind: "share", bound: "atMost", low: "5", fields: { of: "v2" } }, "bound")).toEqual({
    ok: true,
    check: { metric: "share", of: "v2", atMost: 0.05 },
  });
  expect(readCheck({ ...emptyForm, kind: "share", low: "5" }, "bound")).toEqual({ ok: false, field: "of" });
  expect(readCheck({ ...emptyForm, kind: "flagCount", low: "1" }, "bound")).toEqual({ ok: false, field: "flag" });
  expect(readCheck({ ...emptyForm, low: "many" }, "bound")).toEqual({ ok: false, field: "low" });
  expect(readCheck({ ...emptyForm, bound: "between", low: "3", high: "2" }, "bound")).toEqual({ ok: false, field: "high" });
  expect(readCheck({ ...emptyForm, kind: "probe", fields: { from: "a", request: "GET http://b/" } }, "bound")).toEqual({
    ok: false,
    field: "status",
  });
});

test("a line that the form does not have stays as it is written", () => {
  expect(formOf({ metric: "p99Ms", atMost: 5, window: ["1s", "2s"] })).toBeNull();
  expect(formOf({ answer: { equals: 1 } })).toBeNull();
});

/** What a calculator is: fields, rows that follow from them, the facts it rests on, and a run that can check it. */
export interface CalculatorField {
  name: string;
  least: number;
  most: number;
  step: number;
  usual: number;
}

/** How a number is written. */
export type RowUnit = "count" | "share" | "seconds" | "hours" | "times" | "vcpu" | "megabytes" | "gigabytes";

export interface CalculatorRow {
  /** Key of its text; a row of a list carries its number. */
  name: string;
  position?: number;
  value: number;
  unit: RowUnit;
  /** Nothing is left, or too much is lost: said in words beside the number. */
  warning?: boolean;
}

export type FieldValues = Readonly<Record<string, number>>;

/** What a page knows and hands in: numbers that have a home elsewhere. */
export interface CalculatorConstants {
  vcpuPerThousandRps: number;
  memoryMb: number;
}

export interface Calculator {
  id: string;
  fields: readonly CalculatorField[];
  /** Ids of content/facts.yaml. */
  facts: readonly string[];
  /** Whose numbers it computes. */
  lessons: readonly string[];
  /** @param values one for each field, within its bounds */
  rows(values: FieldValues, constants: CalculatorConstants): CalculatorRow[];
  /** An experiment whose goal is the first row: one YAML stream. */
  experiment?(values: FieldValues): string;
}

/** The value of a field the calculator declared. */
export function field(values: FieldValues, name: string): number {
  const value = values[name];
  if (value === undefined) throw new Error(`invariant broken: a calculator reads the field "${name}" it does not have`);
  return value;
}

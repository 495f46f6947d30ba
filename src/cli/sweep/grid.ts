/** What a sweep consists of: which cells there are, which runs each has, and which of them a shard does. Runs nothing. */
import { createHash } from "node:crypto";
import type { MeshFile } from "#mesh";
import type { Setting } from "#scenario";

export interface Parameter {
  path: string;
  values: readonly unknown[];
}

/** What every thread is given. */
export interface SweepInput {
  files: readonly MeshFile[];
  settings: readonly Setting[];
  parameters: readonly Parameter[];
}

/** Every cell runs with the seeds seed … seed+runs−1. */
export interface SeedRange {
  seed: number;
  runs: number;
}

/** Part `index` of `of`, from 1. */
export interface Shard {
  index: number;
  of: number;
}

/** One value for each parameter. */
export type Cell = readonly Setting[];

/** In order: the last parameter changes fastest. */
export function cellsOf(parameters: readonly Parameter[]): Cell[] {
  return parameters.reduce<Cell[]>(
    (cells, { path, values }) => cells.flatMap((cell) => values.map((value) => [...cell, { path, value }])),
    [[]],
  );
}

/** The runs of the whole grid are dealt out in turn, so that every shard has a part of each of its corners. */
export function seedsOf({ seed, runs }: SeedRange, cell: number, { index, of }: Shard): number[] {
  const all = Array.from({ length: runs }, (_, run) => run);
  return all.filter((run) => (cell * runs + run) % of === index - 1).map((run) => seed + run);
}

/** The same for the same texts, settings, parameters and seeds, wherever the files lie. */
export function fingerprintOf({ files, settings, parameters }: SweepInput, { seed, runs }: SeedRange): string {
  const parts = [files.map(({ text }) => text), settings, parameters, seed, runs];
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}

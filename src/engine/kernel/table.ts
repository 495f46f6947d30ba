/**
 * Pooled records as slices of one array: a row is the place of its first cell, freed rows are reused, nothing is allocated while
 * running. Rows never move, so a row number stays valid until it is freed. What a cell means stands in `rows/`. A function that may
 * take a row must read `cells` anew afterwards: growing replaces the array.
 */
export interface Table {
  /** Rows of `rowWidth` numbers; a free row keeps the next free one in its first cell. */
  cells: Int32Array;
  /** One number with a fraction per row, at `row >> rowBits`. */
  times: Float64Array;
  /** How often each row was retired; a timer set for an earlier use of the row is stale. Dense, since dead timers ask it most. */
  generations: Int32Array;
  /** Behind the last row ever used; free ones lie among them. */
  end: number;
  /** First free row or −1. */
  free: number;
  live: number;
}

export const rowBits = 5;
export const rowWidth = 32;

export function createTable(): Table {
  const rows = 16;
  return {
    cells: new Int32Array(rows * rowWidth),
    times: new Float64Array(rows),
    generations: new Int32Array(rows),
    end: 0,
    free: -1,
    live: 0,
  };
}

/** Takes a row; its cells hold what the previous user left, so the caller sets every one it reads. */
export function takeRow(table: Table): number {
  table.live++;
  const row = table.free;
  if (row >= 0) {
    table.free = table.cells[row]!;
    return row;
  }
  const fresh = table.end;
  if (fresh === table.cells.length) grow(table);
  table.end = fresh + rowWidth;
  return fresh;
}

function grow(table: Table): void {
  const cells = new Int32Array(table.cells.length * 2);
  cells.set(table.cells);
  table.cells = cells;
  const times = new Float64Array(table.times.length * 2);
  times.set(table.times);
  table.times = times;
  const generations = new Int32Array(table.generations.length * 2);
  generations.set(table.generations);
  table.generations = generations;
}

export function freeRow(table: Table, row: number): void {
  table.live--;
  table.cells[row] = table.free;
  table.free = row;
}

/** Frees a row and makes everything that was scheduled for it stale. */
export function retireRow(table: Table, row: number): void {
  table.generations[row >> rowBits]!++;
  table.live--;
  table.cells[row] = table.free;
  table.free = row;
}

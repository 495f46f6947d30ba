/**
 * Pooled records as columns of typed arrays: a row is a number, freed rows are reused, nothing is allocated while running. A table
 * is an object literal that names its columns (a literal keeps property access fast; columns added one by one would not).
 */
export interface Rows {
  capacity: number;
  /** Rows ever used; free ones lie among them. */
  count: number;
  /** First free row or −1; the chain runs through `link`. */
  free: number;
  live: number;
  link: Int32Array;
}

export const firstCapacity = 64;

export const ints = () => new Int32Array(firstCapacity);
export const floats = () => new Float64Array(firstCapacity);

/** Takes a row; its columns hold what the previous user left, so the caller sets every one it reads. */
export function takeRow(table: Rows): number {
  table.live++;
  const row = table.free;
  if (row >= 0) {
    table.free = table.link[row] as number;
    return row;
  }
  if (table.count === table.capacity) grow(table);
  return table.count++;
}

export function freeRow(table: Rows, row: number): void {
  table.live--;
  table.link[row] = table.free;
  table.free = row;
}

function grow(table: Rows): void {
  const columns = table as unknown as Record<string, unknown>;
  table.capacity *= 2;
  for (const [name, column] of Object.entries(columns)) {
    if (column instanceof Int32Array) {
      const larger = new Int32Array(table.capacity);
      larger.set(column);
      columns[name] = larger;
    } else if (column instanceof Float64Array) {
      const larger = new Float64Array(table.capacity);
      larger.set(column);
      columns[name] = larger;
    }
  }
}

/**
 * Pooled records: a row is a number, freed rows are reused, nothing is allocated while running. Rows never move, so an index stays
 * valid until its row is freed. Records are objects of one shape with numbers only: measured faster than a typed array for each
 * column, since a function touches many columns of one row.
 */
export interface Row {
  link: number;
}

export interface Table<Record extends Row> {
  rows: Record[];
  /** How often each row was retired; a timer set for an earlier use of the row is stale. Dense, since dead timers ask it most. */
  generations: Int32Array;
  /** Rows ever used; free ones lie among them. */
  count: number;
  /** First free row or −1; the chain runs through `link`. */
  free: number;
  live: number;
}

export function createTable<Record extends Row>(): Table<Record> {
  return { rows: [], generations: new Int32Array(64), count: 0, free: -1, live: 0 };
}

/** Takes a row; its fields hold what the previous user left, so the caller sets every one it reads. */
export function takeRow<Record extends Row>(table: Table<Record>, create: () => Record): number {
  table.live++;
  const row = table.free;
  if (row >= 0) {
    table.free = table.rows[row]!.link;
    return row;
  }
  table.rows.push(create());
  if (table.count === table.generations.length) {
    const larger = new Int32Array(table.count * 2);
    larger.set(table.generations);
    table.generations = larger;
  }
  return table.count++;
}

export function freeRow<Record extends Row>(table: Table<Record>, row: number): void {
  table.live--;
  table.rows[row]!.link = table.free;
  table.free = row;
}

/** Frees a row and makes everything that was scheduled for it stale. */
export function retireRow<Record extends Row & { generation: number }>(table: Table<Record>, row: number): void {
  const generation = table.rows[row]!.generation + 1;
  table.rows[row]!.generation = generation;
  table.generations[row] = generation;
  freeRow(table, row);
}

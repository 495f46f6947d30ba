/**
 * Pooled records of one shape: freed rows are reused, nothing is allocated while running. A row is an object, not a slice of a typed
 * array, and what belongs to it is a link, not a number: a field costs two or three machine instructions, a cell of an array nine. Only
 * events know rows by their numbers.
 */
export interface Row {
  /** Its place in `rows`. */
  readonly id: number;
  /** How often it was retired; a timer set for an earlier use of it is stale. */
  generation: number;
}

export interface Table<Self extends Row> {
  rows: Self[];
  /** How many rows are in use. */
  live: number;
  /** From place `live` on: numbers of the free rows, the one that was freed last first. Links would cost a barrier each. */
  free: Int32Array;
}

export function createTable<Self extends Row>(): Table<Self> {
  return { rows: [], live: 0, free: new Int32Array(0) };
}

/** @returns a free row, whose fields hold what the previous user left; null where none is free and `addRows` has to bring new ones. */
export function takeRow<Self extends Row>(table: Table<Self>): Self | null {
  const { live, free, rows } = table;
  table.live = live + 1;
  return live < free.length ? rows[free[live]!]! : null;
}

/**
 * Brings new rows where none is free, a quarter as many as there are: a row is young for the collection of garbage until it was collected
 * for the second time, and each link to a young one is written down meanwhile.
 * @returns one of them; the others are taken in order of their numbers
 */
export function addRows<Self extends Row>(table: Table<Self>, make: (id: number) => Self): Self {
  const { rows } = table;
  const first = rows.length;
  for (let left = Math.max(16, first >> 2); left > 0; left--) rows.push(make(rows.length));
  // No other is free: the first of them is in use now.
  table.free = Int32Array.from(rows, (_, place) => place);
  return rows[first] as Self;
}

/** Frees a row and makes everything that was scheduled for it stale. */
export function retireRow<Self extends Row>(table: Table<Self>, row: Self): void {
  row.generation++;
  const live = table.live - 1;
  table.live = live;
  table.free[live] = row.id;
}

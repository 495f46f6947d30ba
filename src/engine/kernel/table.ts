/**
 * Pooled records of one shape: freed rows are reused, nothing is allocated while running. A row is an object, not a slice of a typed
 * array, and what belongs to it is a link, not a number: a field costs two or three machine instructions, a cell of an array nine. Only
 * events know rows by their numbers.
 */
export interface Row<Self> {
  /** Its place in `rows`. */
  readonly id: number;
  /** How often it was retired; a timer set for an earlier use of it is stale. */
  generation: number;
  /** The next free row. */
  nextFree: Self | null;
}

export interface Table<Self extends Row<Self>> {
  rows: Self[];
  /** The row that was freed last is taken first. */
  firstFree: Self | null;
  live: number;
}

export function createTable<Self extends Row<Self>>(): Table<Self> {
  return { rows: [], firstFree: null, live: 0 };
}

/** @returns a free row, whose fields hold what the previous user left; null where none is free and `addRows` has to bring new ones. */
export function takeRow<Self extends Row<Self>>(table: Table<Self>): Self | null {
  table.live++;
  const row = table.firstFree;
  if (row !== null) table.firstFree = row.nextFree;
  return row;
}

/**
 * Brings new rows where none is free, a quarter as many as there are: a row is young for the collection of garbage until it was collected
 * for the second time, and each link to a young one is written down meanwhile.
 * @returns one of them; the others are taken in order of their numbers
 */
export function addRows<Self extends Row<Self>>(table: Table<Self>, make: (id: number) => Self): Self {
  const { rows } = table;
  const first = rows.length;
  for (let left = Math.max(16, first >> 2); left > 0; left--) rows.push(make(rows.length));
  for (let id = rows.length - 1; id > first; id--) {
    const row = rows[id] as Self;
    row.nextFree = table.firstFree;
    table.firstFree = row;
  }
  return rows[first] as Self;
}

/** Frees a row and makes everything that was scheduled for it stale. */
export function retireRow<Self extends Row<Self>>(table: Table<Self>, row: Self): void {
  table.live--;
  row.generation++;
  row.nextFree = table.firstFree;
  table.firstFree = row;
}

/**
 * Pooled records of one shape: freed rows are reused, nothing is allocated while running. Rows never move, and links between rows and
 * from the event queue are row numbers, so that a copy of the state is a copy of plain objects. A row is an object, not a slice of a
 * typed array: a field costs two or three machine instructions, a cell of an array nine.
 */
export interface Table<Row> {
  rows: Row[];
  /** How often each row was retired; a timer set for an earlier use of the row is stale. Dense, since dead timers ask it most. */
  generations: Int32Array;
  /** Numbers of free rows, the first `freeCount` of them; the last one freed is taken first. */
  free: Int32Array;
  freeCount: number;
  live: number;
  /** Makes the row of a number. */
  create: (id: number) => Row;
}

export function createTable<Row>(create: (id: number) => Row): Table<Row> {
  return { rows: [], generations: new Int32Array(16), free: new Int32Array(16), freeCount: 0, live: 0, create };
}

/** Takes a row; its fields hold what the previous user left, so the caller sets every one it reads. */
export function takeRow<Row>(table: Table<Row>): Row {
  table.live++;
  const left = table.freeCount - 1;
  if (left < 0) return addRow(table);
  table.freeCount = left;
  return table.rows[table.free[left]!]!;
}

function addRow<Row>(table: Table<Row>): Row {
  const { rows } = table;
  const id = rows.length;
  if (id === table.generations.length) grow(table);
  const row = table.create(id);
  rows.push(row);
  return row;
}

function grow<Row>(table: Table<Row>): void {
  for (const column of ["generations", "free"] as const) {
    const larger = new Int32Array(table[column].length * 2);
    larger.set(table[column]);
    table[column] = larger;
  }
}

export function freeRow<Row>(table: Table<Row>, id: number): void {
  table.live--;
  table.free[table.freeCount++] = id;
}

/** Frees a row and makes everything that was scheduled for it stale. */
export function retireRow<Row>(table: Table<Row>, id: number): void {
  table.generations[id]!++;
  freeRow(table, id);
}

/**
 * Pooled records as columns of typed arrays: a row is a number, freed rows are reused, nothing is allocated while running.
 * A snapshot copies the columns. Rows never move, so an index stays valid until its row is freed.
 */
type ColumnType = Int32ArrayConstructor | Float64ArrayConstructor;
type Columns = Readonly<Record<string, ColumnType>>;

export type Table<Schema extends Columns> = {
  capacity: number;
  /** Rows ever used; free ones lie among them. */
  count: number;
  /** First free row or −1; the chain runs through `link`. */
  free: number;
  live: number;
  link: Int32Array;
} & { -readonly [Name in keyof Schema]: InstanceType<Schema[Name]> };

const firstCapacity = 64;

export function createTable<Schema extends Columns>(schema: Schema): Table<Schema> {
  const table: Record<string, unknown> = {
    capacity: firstCapacity,
    count: 0,
    free: -1,
    live: 0,
    link: new Int32Array(firstCapacity),
  };
  for (const [name, Type] of Object.entries(schema)) table[name] = new Type(firstCapacity);
  return table as Table<Schema>;
}

/** Takes a row; its columns hold what the previous user left, so the caller sets every one it reads. */
export function takeRow(table: { capacity: number; count: number; free: number; live: number; link: Int32Array }): number {
  table.live++;
  const row = table.free;
  if (row >= 0) {
    table.free = table.link[row] as number;
    return row;
  }
  if (table.count === table.capacity) grow(table);
  return table.count++;
}

export function freeRow(table: { free: number; live: number; link: Int32Array }, row: number): void {
  table.live--;
  table.link[row] = table.free;
  table.free = row;
}

function grow(table: { capacity: number }): void {
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

/**
 * The tables in IndexedDB and their versions, for Dexie and for who reads or writes one table without it. One entry a version: the
 * indexes of the tables that change, in Dexie's words ("primary key, index, [compound+index]"); null = the table is gone.
 */
export const cardDatabaseName = "meshwise-cards";

interface SchemaVersion {
  readonly version: number;
  readonly stores: Readonly<Record<string, string | null>>;
}

export const schemaVersions: readonly SchemaVersion[] = [
  { version: 1, stores: { cards: "id, slug, [lang+dueMs]", reviewLog: "id, [slug+ord]", settings: "key" } },
  // Logs of several devices may have reviews of two cards in one millisecond.
  { version: 2, stores: { log: "[id+slug+ord+kind], id, [slug+ord]", notes: "slug" } },
  { version: 3, stores: { reviewLog: null } },
  { version: 4, stores: { marks: "id", edits: "slug" } },
  { version: 5, stores: { media: "name" } },
  { version: 6, stores: { progress: "[id+kind+subject]" } },
];

/** Dexie's version 1 is IndexedDB's version 10. */
const dexieVersionFactor = 10;

/** Of IndexedDB. */
export const newestVersion = Math.max(...schemaVersions.map(({ version }) => version)) * dexieVersionFactor;

/** From this version on tables are only added: rows that are there stay as they are. */
const firstAddingOnly = 3 * dexieVersionFactor;

/** Brings a new or older database up to date as Dexie would. @returns false where rows would have to be moved, which is left to Dexie */
export function addMissingTables(database: IDBDatabase, oldVersion: number): boolean {
  if (oldVersion > 0 && oldVersion < firstAddingOnly) return false;
  const tables: Record<string, string | null> = Object.assign({}, ...schemaVersions.map(({ stores }) => stores));
  for (const [name, columns] of Object.entries(tables)) {
    if (columns === null || database.objectStoreNames.contains(name)) continue;
    const [primaryKey = "", ...indexes] = columns.split(", ");
    const store = database.createObjectStore(name, { keyPath: keyPathOf(primaryKey) });
    for (const index of indexes) store.createIndex(index, keyPathOf(index));
  }
  return true;
}

function keyPathOf(column: string): string | string[] {
  return column.startsWith("[") ? column.slice(1, -1).split("+") : column;
}

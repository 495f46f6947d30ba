/**
 * A stranger's SQLite file, read with SELECT only: real tables, no views, no virtual or computed columns, no triggers run,
 * SQLite's memory and the number of rows bounded. Nothing here knows what the rows mean.
 */
import type { Database, SqlJs, SqlValue } from "sql.js";
import { ImportRefusal } from "./import-failure.ts";
import { importLimits } from "./import-limits.ts";

export interface CollectionDatabase {
  has(table: string): boolean;
  /**
   * Calls back with each row of a table.
   * @param columns SQL expressions over the table's own columns
   * @throws ImportRefusal NotAnki (no such table or column), TooManyRows, TimedOut, Damaged
   */
  eachRow(table: string, columns: readonly string[], maxRows: number, take: (row: SqlValue[]) => void): void;
  close(): void;
}

const header = "SQLite format 3\0";

/** @param deadlineMs on the clock of `Date.now` */
export function openCollection(sqlite: SqlJs, bytes: Uint8Array, deadlineMs: number): CollectionDatabase {
  if (new TextDecoder().decode(bytes.subarray(0, header.length)) !== header) throw new ImportRefusal("NotADatabase");
  const database = new sqlite.Database(bytes);
  try {
    return readOnly(database, realTables(database), deadlineMs);
  } catch (thrown) {
    database.close();
    throw thrown instanceof ImportRefusal ? thrown : new ImportRefusal("NotADatabase");
  }
}

/** Names of ordinary tables. Also rids the schema of the collation that only Anki brings along (`unicase`). */
function realTables(database: Database): ReadonlySet<string> {
  database.run(`PRAGMA hard_heap_limit=${importLimits.sqliteHeapBytes}`);
  database.run("PRAGMA trusted_schema=OFF");
  database.run("PRAGMA cell_size_check=ON");
  database.run("PRAGMA writable_schema=ON");
  // Unknown collations make a table unreadable. Same length of text, and nothing here sorts or compares by name.
  database.run("UPDATE sqlite_master SET sql=replace(sql,'COLLATE unicase','') WHERE sql LIKE '%COLLATE unicase%'");
  database.run("PRAGMA writable_schema=RESET");
  database.run("PRAGMA query_only=ON");
  const [found] = database.exec(
    "SELECT name FROM sqlite_master WHERE type='table' AND rootpage>0 AND sql NOT LIKE 'CREATE VIRTUAL%' LIMIT 1000",
  );
  return new Set((found?.values ?? []).map(([name]) => String(name)));
}

function readOnly(database: Database, tables: ReadonlySet<string>, deadlineMs: number): CollectionDatabase {
  return {
    has: (table) => tables.has(table),
    eachRow(table, columns, maxRows, take) {
      if (!tables.has(table) || isComputed(database, table)) throw new ImportRefusal("NotAnki", { table });
      let rows = 0;
      try {
        const statement = database.prepare(`SELECT ${columns.join(",")} FROM ${table}`);
        try {
          while (statement.step()) {
            if (++rows > maxRows) throw new ImportRefusal("TooManyRows", { table, limit: maxRows });
            if (rows % 256 === 0 && Date.now() > deadlineMs) throw new ImportRefusal("TimedOut");
            take(statement.get());
          }
        } finally {
          statement.free();
        }
      } catch (thrown) {
        if (thrown instanceof ImportRefusal) throw thrown;
        const reason = thrown instanceof Error ? thrown.message : String(thrown);
        if (/no such column/.test(reason)) throw new ImportRefusal("NotAnki", { table });
        throw new ImportRefusal("Damaged", { name: table });
      }
    },
    close: () => database.close(),
  };
}

/** Computed columns would run a stranger's expressions. */
function isComputed(database: Database, table: string): boolean {
  const [columns] = database.exec(`SELECT hidden FROM pragma_table_xinfo('${table}')`);
  return (columns?.values ?? []).some(([hidden]) => hidden !== 0);
}

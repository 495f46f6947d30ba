/** The part of sql.js that is used here; the package ships no types. */
declare module "sql.js" {
  export type SqlValue = string | number | null | Uint8Array;
  export interface Statement {
    run(values?: readonly SqlValue[]): void;
    /** True while there is a row, which `get` then returns. */
    step(): boolean;
    get(): SqlValue[];
    free(): void;
  }
  export interface QueryResult {
    columns: string[];
    values: SqlValue[][];
  }
  export interface Database {
    run(sql: string, values?: readonly SqlValue[]): Database;
    exec(sql: string): QueryResult[];
    prepare(sql: string): Statement;
    export(): Uint8Array;
    close(): void;
  }
  export interface SqlJs {
    Database: new (bytes?: Uint8Array) => Database;
  }
  export default function initSqlJs(settings?: { locateFile?: (file: string) => string }): Promise<SqlJs>;
}

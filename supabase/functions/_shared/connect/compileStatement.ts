import type { Selection, TableRef } from "./connector.ts";
import type { EncodedRow } from "./encodedRow.ts";
import { type CompiledSql, SqlText } from "./sqlText.ts";

type Shape = Pick<EncodedRow, "columns" | "modes">;

/** An insert of one row, or an upsert. */
export function compileInsert(table: TableRef, shape: Shape, onConflict?: readonly string[]): CompiledSql {
  const sql = new SqlText().add("insert into ").table(table);
  if (shape.columns.length === 0) sql.add(" default values");
  else {
    sql.add(" (").list(shape.columns, (column) => sql.column(column)).add(") values (");
    sql.list([...shape.columns.keys()], (index) => addValue(sql, table, shape, index));
    sql.add(")");
  }
  addConflict(sql, shape.columns, onConflict);
  return sql.add(" returning *").compile();
}

/**
 * An insert of many rows, one JSON list of them for each group of rows with the same keys, in one statement: rows of
 * another group leave other columns to their defaults.
 */
export function compileInsertMany(
  table: TableRef,
  groups: readonly (readonly string[])[],
  onConflict?: readonly string[],
): CompiledSql {
  const sql = new SqlText();
  const addGroup = (columns: readonly string[]) => {
    sql.add("insert into ").table(table);
    if (columns.length === 0) sql.add(" default values");
    else {
      sql.add(" (").list(columns, (column) => sql.column(column)).add(") select ");
      sql.list(columns, (column) => sql.mark(column).add("r.").column(column));
      sql.add(" from pg_catalog.json_populate_recordset(null::").table(table);
      sql.add(", ").parameter().add("::pg_catalog.text::pg_catalog.json) as r");
    }
    addConflict(sql, columns, onConflict);
    sql.add(" returning *");
  };
  if (groups.length === 1) {
    addGroup(groups[0]!);
    return sql.compile();
  }
  const numbered = groups.map((columns, index) => ({ columns, name: `g${index}` }));
  sql.add("with ").list(numbered, ({ columns, name }) => {
    sql.add(`${name} as (`);
    addGroup(columns);
    sql.add(")");
  });
  return sql.add(" ").list(numbered, ({ name }) => sql.add(`select * from ${name}`), " union all ").compile();
}

export function compileUpdate(table: TableRef, patch: Shape, match: Shape): CompiledSql {
  const sql = new SqlText().add("update ").table(table).add(" set ");
  sql.list([...patch.columns.keys()], (index) => {
    sql.column(patch.columns[index]!).add(" = ");
    addValue(sql, table, patch, index);
  });
  addMatch(sql, table, match);
  return sql.add(" returning *").compile();
}

export function compileDelete(table: TableRef, match: Shape): CompiledSql {
  const sql = new SqlText().add("delete from ").table(table);
  addMatch(sql, table, match);
  return sql.add(" returning *").compile();
}

/** A read; limit and offset are parameters. */
export function compileSelect(table: TableRef, selection: Selection, match: Shape): CompiledSql {
  const { columns, order = [], limit, offset } = selection;
  const sql = new SqlText().add("select ");
  if (columns === undefined) sql.add("*");
  else sql.list(columns, (column) => sql.column(column));
  sql.add(" from ").table(table);
  addMatch(sql, table, match);
  if (order.length > 0) {
    sql.add(" order by ").list(order, ({ column, isDescending }) => {
      sql.column(column).add(isDescending ? " desc" : "");
    });
  }
  if (limit !== undefined) sql.add(" limit ").parameter();
  if (offset !== undefined) sql.add(" offset ").parameter();
  return sql.compile();
}

function addValue(sql: SqlText, table: TableRef, { columns, modes }: Shape, index: number): void {
  const column = columns[index]!;
  switch (modes[index]) {
    case "j":
      return addJsonValue(sql, table, column);
    case "b":
      return addKnownJson(sql, table, column, "jsonb");
    case "o":
      return addKnownJson(sql, table, column, "json");
    case "t":
      sql.parameter(column).add("::pg_catalog.text");
      return;
    default:
      sql.parameter(column);
  }
}

/**
 * A value for a column that is known to be json. The column's own type stands in the coalesce: should it not be json any
 * more, the statement fails with 42804 where its text would else land as it is. The planner folds it away.
 */
function addKnownJson(sql: SqlText, table: TableRef, column: string, type: "json" | "jsonb"): void {
  sql.add("coalesce((").mark(column).add("null::").table(table).add(").").column(column).add(", ");
  sql.parameter(column).add(`::pg_catalog.text::pg_catalog.${type})`);
}

/** A value that Postgres reads from JSON as the type that the column has by then. */
function addJsonValue(sql: SqlText, table: TableRef, column: string): void {
  sql.add("(").mark(column).add("pg_catalog.json_populate_record(null::").table(table).add(", ").parameter(column);
  sql.add("::pg_catalog.text::pg_catalog.json)).").column(column);
}

function addMatch(sql: SqlText, table: TableRef, { columns, modes }: Shape): void {
  columns.forEach((column, index) => {
    sql.add(index === 0 ? " where " : " and ").column(column);
    switch (modes[index]) {
      case "n":
        return sql.add(" is null");
      case "p":
        return sql.add(" = ").parameter(column);
      case "l":
        return sql.add(" = any(").parameter(column).add(")");
      case "J":
        sql.add(" in (select ").mark(column).add("r.").column(column).add(
          " from pg_catalog.json_populate_recordset(null::",
        ).table(table);
        return sql.add(", ").parameter(column).add("::pg_catalog.text::pg_catalog.json) as r)");
      default:
        sql.add(" = ");
        return addJsonValue(sql, table, column);
    }
  });
}

function addConflict(sql: SqlText, columns: readonly string[], onConflict: readonly string[] | undefined): void {
  if (onConflict === undefined) return;
  sql.add(" on conflict (").list(onConflict, (column) => sql.column(column)).add(") do update set ");
  const others = columns.filter((column) => !onConflict.includes(column));
  // With nothing else to set, a column is set to what it is: `do nothing` would not give the row back.
  sql.list(others.length > 0 ? others : onConflict.slice(0, 1), (column) => {
    sql.column(column).add(" = excluded.").column(column);
  });
}

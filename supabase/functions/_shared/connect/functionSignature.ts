import type { TableRef } from "./connector.ts";
import { type CompiledSql, SqlText } from "./sqlText.ts";

/** What is to know of a function to call it and to read its answer. */
export interface FunctionSignature {
  readonly returnsSet: boolean;
  /** `row`: a composite or several out parameters; `void` gives null. */
  readonly returns: "row" | "scalar" | "void";
  /** The arguments that are json or jsonb, and which of the two. */
  readonly jsonArguments: ReadonlyMap<string, "json" | "jsonb">;
}

/** What is taken to be so where the catalog knows no such function: the call then fails by itself. */
export const unknownSignature: FunctionSignature = {
  returnsSet: false,
  returns: "scalar",
  jsonArguments: new Map(),
};

/** Reads the signature of a function by its name and the names of its arguments; of overloads, the one with fewest more. */
export const signatureQuery: CompiledSql = new SqlText()
  .add("select p.proretset as is_set, t.oid = 'pg_catalog.void'::pg_catalog.regtype as is_void, ")
  .add("t.typtype = 'c' or t.oid = 'pg_catalog.record'::pg_catalog.regtype as is_row, ")
  .add(
    "(select pg_catalog.json_object_agg(a.name, a.type::pg_catalog.regtype) from unnest(p.proargnames, p.proargtypes::pg_catalog.oid[]) as a (name, type) ",
  )
  .add("where a.type in (114, 3802))::pg_catalog.text as json_arguments ")
  .add("from pg_catalog.pg_proc p join pg_catalog.pg_namespace n on n.oid = p.pronamespace ")
  .add("join pg_catalog.pg_type t on t.oid = p.prorettype where n.nspname = ").parameter()
  .add(" and p.proname = ").parameter()
  .add(" and coalesce(p.proargnames, '{}') @> ").parameter().add("::pg_catalog.text[] order by p.pronargs limit 1")
  .compile();

/** Makes a signature of the row that `signatureQuery` gives. */
export function toSignature(row: Record<string, unknown> | undefined): FunctionSignature {
  if (row === undefined) return unknownSignature;
  return {
    returnsSet: row.is_set === true,
    returns: row.is_void === true ? "void" : row.is_row === true ? "row" : "scalar",
    jsonArguments: new Map(Object.entries(JSON.parse(String(row.json_arguments ?? "{}")))),
  };
}

/** A call by the arguments' names. */
export function compileCall(fn: TableRef, argumentNames: readonly string[], signature: FunctionSignature): CompiledSql {
  // A value is not worth a table, which each row would be written to and read from.
  const isValue = !signature.returnsSet && signature.returns !== "row";
  const sql = new SqlText().add(isValue ? "select " : "select * from ").function(fn).add("(");
  sql.list(argumentNames, (name) => {
    sql.column(name).add(" => ").parameter(name);
    const json = signature.jsonArguments.get(name);
    if (json !== undefined) sql.add(`::pg_catalog.text::pg_catalog.${json}`); // See tagRunner.
  });
  return sql.add(")").compile();
}

/** The answer of a call as PostgREST gives it: rows, a row, a list of values or a value. */
export function callAnswer(rows: readonly Record<string, unknown>[], signature: FunctionSignature): unknown {
  const { returns, returnsSet } = signature;
  if (returns === "void") return null;
  const answers = returns === "row" ? rows : rows.map((row) => Object.values(row)[0] ?? null);
  return returnsSet ? answers : answers[0] ?? null;
}

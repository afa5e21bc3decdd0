import type { CachedColumn, CachedFunction } from "./schemaCache.ts";
import type { RestFilter, RestQuery } from "./restQuery.ts";

/** A statement and its parameters, all of them texts that Postgres reads as their places want. */
export interface RestSql {
  readonly text: string;
  readonly values: readonly string[];
}

const ident = (name: string) => `"${name.replaceAll('"', '""')}"`;
const literalUnsafe = (text: string) => text.replaceAll("'", "''");

/** The table that a request is about. */
export interface RestTarget {
  readonly schema: string;
  readonly table: string;
}

const tableOf = ({ schema, table }: RestTarget) => `${ident(schema)}.${ident(table)}`;

class Parameters {
  readonly values: string[] = [];
  add(value: string): string {
    return `$${this.values.push(value)}`;
  }
}

function where(target: RestTarget, filters: readonly RestFilter[], parameters: Parameters): string {
  const conditions = filters.map((filter) => {
    const column = `${tableOf(target)}.${ident(filter.column)}`;
    if (filter.operator === "is") return `${column} is ${filter.value}`;
    if (filter.operator === "eq") return `${column} = ${parameters.add(filter.value)}`;
    // As there: a list of one empty text is an empty list.
    if (filter.value.length === 1 && filter.value[0] === "") return `${column} = any('{}')`;
    const list = filter.value.map((member) => `"${member.replace(/[\\"]/g, "\\$&")}"`);
    return `${column} = any(${parameters.add(`{${list.join(",")}}`)})`;
  });
  return conditions.length === 0 ? "" : ` where ${conditions.join(" and ")}`;
}

function selected({ select }: RestQuery, target: RestTarget): string {
  return select.map((name) => name === "*" ? `${tableOf(target)}.*` : `${tableOf(target)}.${ident(name)}`).join(", ");
}

/** The rows of a JSON payload under the columns' types, with defaults for missing keys where they are asked for. */
function body(columns: readonly CachedColumn[], payload: string, hasDefaults: boolean, parameters: Parameters): string {
  const source = `(select case when json_typeof(j) = 'array' then j else json_build_array(j) end as val
    from (select ${parameters.add(payload)}::text::json as j) p) u`;
  if (columns.length === 0) return `${source}, json_array_elements(u.val) pgrst_body`;
  const defaults = columns.filter((column) => column.defaultText !== null)
    .map((column) => `'${literalUnsafe(column.name)}', ${column.defaultText}`);
  const types = columns.map((column) => `${ident(column.name)} ${column.type}`).join(", ");
  if (!hasDefaults || defaults.length === 0) return `${source}, json_to_recordset(u.val) as pgrst_body (${types})`;
  return `${source}, lateral (select jsonb_agg(jsonb_build_object(${defaults.join(", ")}) || e) as val
    from jsonb_array_elements(u.val::jsonb) e) d, jsonb_to_recordset(d.val) as pgrst_body (${types})`;
}

const bodyColumns = (columns: readonly CachedColumn[]) =>
  columns.map((column) => `pgrst_body.${ident(column.name)}`).join(", ");

/** How rows are written. */
export interface InsertOptions {
  readonly columns: readonly CachedColumn[];
  readonly hasDefaults: boolean;
  readonly resolution: "merge" | "ignore" | undefined;
  readonly payload: string;
}

export function insertSql(target: RestTarget, query: RestQuery, options: InsertOptions): RestSql {
  const { columns, hasDefaults, resolution, payload } = options;
  const parameters = new Parameters();
  const names = columns.map((column) => ident(column.name));
  let text = `insert into ${tableOf(target)}`;
  text += columns.length === 0
    ? " default values"
    : ` (${names.join(", ")}) select ${bodyColumns(columns)} from ${body(columns, payload, hasDefaults, parameters)}`;
  if (resolution !== undefined && query.onConflict !== undefined) {
    const sets = names.map((name) => `${name} = excluded.${name}`).join(", ");
    text += ` on conflict (${query.onConflict.map(ident).join(", ")}) do `;
    text += resolution === "ignore" || sets === "" ? "nothing" : `update set ${sets}`;
  }
  return { text: `${text} returning ${selected(query, target)}`, values: parameters.values };
}

export function updateSql(
  target: RestTarget,
  query: RestQuery,
  columns: readonly CachedColumn[],
  payload: string,
): RestSql {
  const parameters = new Parameters();
  if (columns.length === 0) {
    return { text: `select ${selected(query, target)} from ${tableOf(target)} where false`, values: [] };
  }
  const sets = columns.map((column) => `${ident(column.name)} = pgrst_body.${ident(column.name)}`).join(", ");
  let text = `update ${tableOf(target)} set ${sets} from ${body(columns, payload, false, parameters)}`;
  text += `${where(target, query.filters, parameters)} returning ${selected(query, target)}`;
  return { text, values: parameters.values };
}

export function deleteSql(target: RestTarget, query: RestQuery): RestSql {
  const parameters = new Parameters();
  const text = `delete from ${tableOf(target)}${where(target, query.filters, parameters)}`;
  return { text: `${text} returning ${selected(query, target)}`, values: parameters.values };
}

export function selectSql(target: RestTarget, query: RestQuery): RestSql {
  const parameters = new Parameters();
  let text = `select ${selected(query, target)} from ${tableOf(target)}${where(target, query.filters, parameters)}`;
  const order = query.order.map(({ column, direction }) => `${tableOf(target)}.${ident(column)} ${direction}`);
  if (order.length > 0) text += ` order by ${order.join(", ")}`;
  if (query.limit !== undefined) text += ` limit ${query.limit}`;
  if (query.offset !== undefined) text += ` offset ${query.offset}`;
  return { text, values: parameters.values };
}

export function callSql(fn: CachedFunction, names: readonly string[], payload: string): RestSql {
  const parameters = new Parameters();
  const called = fn.parameters.filter((parameter) => names.includes(parameter.name));
  const columns = called.map(({ name, type }) => ({ name, type, defaultText: null }));
  const list = called.map(({ name }) => `${ident(name)} := pgrst_body.${ident(name)}`).join(", ");
  const from = called.length === 0 ? "" : `${body(columns, payload, false, parameters)}, lateral `;
  const call = `${ident(fn.schema)}.${ident(fn.name)}(${list})`;
  const text = fn.returns === "row"
    ? `select pgrst_call.* from ${from}${call} pgrst_call`
    : `select pgrst_call.pgrst_scalar from ${from}(select ${call} pgrst_scalar) pgrst_call`;
  return { text, values: parameters.values };
}

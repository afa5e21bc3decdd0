import { CallRefusedError } from "./callRefusedError.ts";
import type { Connector, Match, Outcome, Row, Selection, TableRef } from "./connector.ts";
import { refuseEmptyMatch } from "./encodedMatch.ts";
import { rowKeys } from "./encodedRow.ts";
import { checkName } from "./quoteIdentifier.ts";
import { addMatch, nameList, quoteName } from "./restNames.ts";
import { exactNumbers } from "./exactNumbers.ts";
import { type RestAnswer, toRestFailure } from "./toRestFailure.ts";
import { refusalOf } from "./toDbFailure.ts";
import { jsonValue } from "./valueText.ts";

/** A supabase-js client, as far as it is used; told by its shape, so that any copy of the package will do. */
export interface SupabaseLike {
  from(relation: string): unknown;
  rpc(fn: string, args?: unknown): unknown;
  schema(name: string): unknown;
}

interface RestClient {
  from(relation: string): RestTable;
  rpc(fn: string, args: unknown): RestRequest;
}

interface RestTable {
  select(columns: string): RestRequest;
  insert(rows: unknown, options: { defaultToNull: boolean }): RestRequest;
  upsert(rows: unknown, options: { defaultToNull: boolean }): RestRequest;
  update(patch: unknown): RestRequest;
  delete(): RestRequest;
}

/**
 * A request that is being built. `url` and `fetch` are protected in the package's types, and used here as its methods
 * do not quote names, turn big numbers into others, and drop the codes of network errors.
 */
interface RestRequest extends PromiseLike<RestAnswer> {
  url: URL;
  fetch: typeof fetch;
  select(columns?: string): RestRequest;
  retry?(isEnabled: boolean): RestRequest;
}

interface Sending {
  readonly table: TableRef;
  readonly isRead?: boolean;
  /** The names that an error may be about. */
  readonly names: readonly string[];
}

/** A connector that speaks to PostgREST with somebody's supabase-js client; closing it is theirs. */
export function supabaseConnector(client: SupabaseLike): Connector {
  const relation = (table: TableRef) => (client.schema(table.schema) as RestClient).from(pathName(table));

  async function insert(table: TableRef, rows: readonly Row[], onConflict?: readonly string[]) {
    if (rows.length === 0) return { value: [] };
    const keys = new Set(rows.flatMap(rowKeys));
    return await send<Row[]>({ table, names: [...keys] }, () => {
      if (onConflict?.length === 0) refuse("Cannot upsert without columns of a conflict");
      const isRagged = rows.some((row) => rowKeys(row).length !== keys.size);
      // There a key that is missing would be set to its column's default, in rows that have another value.
      if (isRagged && onConflict !== undefined) refuse("Cannot upsert rows with different keys in one request");
      const body = rows.map((row) => jsonValue(row));
      // Only where needed: it takes json through jsonb.
      const options = { defaultToNull: !isRagged };
      const request = onConflict === undefined
        ? relation(table).insert(body, options)
        : relation(table).upsert(body, options);
      if (keys.size > 0) request.url.searchParams.set("columns", nameList([...keys]));
      if (onConflict !== undefined) request.url.searchParams.set("on_conflict", nameList(onConflict));
      return request.select();
    });
  }

  return {
    kind: "postgrest",
    insert: (table, rows) => insert(table, rows),
    upsert: (table, rows, onConflict) => insert(table, rows, onConflict),
    update(table: TableRef, patch: Row, match: Match) {
      const names = [...rowKeys(patch), ...Object.keys(match)];
      return send({ table, names }, () => {
        refuseEmptyMatch(match);
        const keys = rowKeys(patch);
        keys.forEach(checkName);
        if (keys.length === 0) refuse("Cannot update rows with an empty patch");
        const request = relation(table).update(jsonValue(patch)).select();
        addMatch(request.url.searchParams, match);
        return request;
      });
    },
    delete(table: TableRef, match: Match) {
      return send({ table, names: Object.keys(match) }, () => {
        refuseEmptyMatch(match);
        const request = relation(table).delete().select();
        addMatch(request.url.searchParams, match);
        return request;
      });
    },
    select(table: TableRef, { columns, match = {}, order = [], limit, offset }: Selection) {
      const names = [...columns ?? [], ...Object.keys(match), ...order.map(({ column }) => column)];
      return send({ table, names, isRead: true }, () => {
        if (columns?.length === 0) refuse("Cannot select an empty list of columns");
        if (columns?.includes("*")) {
          throw new CallRefusedError("42602", 'Cannot select "*" as a column: there it is all');
        }
        const request = relation(table).select("*");
        const { searchParams } = request.url;
        if (columns !== undefined) searchParams.set("select", nameList(columns));
        addMatch(searchParams, match);
        const terms = order.map(({ column, isDescending }) => `${quoteName(column)}.${isDescending ? "desc" : "asc"}`);
        if (terms.length > 0) searchParams.set("order", terms.join(","));
        if (limit !== undefined) searchParams.set("limit", String(limit));
        if (offset !== undefined) searchParams.set("offset", String(offset));
        return request;
      });
    },
    rpc(fn: TableRef, args: Row): Promise<Outcome<unknown>> {
      return send<unknown>({ table: fn, names: [] }, () => {
        const schema = client.schema(fn.schema) as RestClient;
        rowKeys(args).forEach(checkName);
        return schema.rpc(pathName(fn), jsonValue(args));
      });
    },
    close: () => Promise.resolve(),
  };
}

async function send<Value>(sending: Sending, build: () => RestRequest): Promise<Outcome<Value>> {
  let request: RestRequest;
  try {
    request = build();
  } catch (error) {
    return { failure: refusalOf(error) };
  }
  let thrown: unknown;
  const { fetch: send } = request;
  request.fetch = async (input, init) => {
    try {
      return await exactNumbers(await send(input, init));
    } catch (error) {
      throw thrown = error;
    }
  };
  request.retry?.(false); // Attempts would multiply with those of who calls.
  let answer: RestAnswer;
  try {
    answer = await request;
  } catch (error) {
    answer = { data: null, error: { message: String(error) }, status: 0 };
    thrown ??= error;
  }
  if (answer.error === null) return { value: answer.data as Value };
  return { failure: toRestFailure(answer, { ...sending, thrown }) };
}

/** A table's name as a part of a path. */
function pathName({ schema, name }: TableRef): string {
  checkName(schema);
  checkName(name);
  if (name === "." || name === "..") throw new CallRefusedError("42602", `Cannot use "${name}" as a name in a URL`);
  return encodeURIComponent(name);
}

function refuse(message: string): never {
  throw new CallRefusedError("INVALID_CALL", message);
}

import { compileDelete, compileInsert, compileInsertMany, compileSelect, compileUpdate } from "./compileStatement.ts";
import { CallRefusedError } from "./callRefusedError.ts";
import type { Connector, Match, Outcome, Row, Selection, TableRef } from "./connector.ts";
import { encodeMatch, refuseEmptyMatch } from "./encodedMatch.ts";
import { encodeRow, rowKeys, shapeOf } from "./encodedRow.ts";
import {
  callAnswer,
  compileCall,
  type FunctionSignature,
  signatureQuery,
  toSignature,
  unknownSignature,
} from "./functionSignature.ts";
import { ConnectorMemory } from "./connectorMemory.ts";
import type { DbFailure } from "./dbFailure.ts";
import { groupRows, inGivenOrder } from "./rowGroups.ts";
import type { CachedSql, StatementCache } from "./statementCache.ts";
import type { RunResult, StatementRunner } from "./statementRunner.ts";
import { type ColumnEncoding, tableKey, TableTypes } from "./tableTypes.ts";
import { refusalOf, toDbFailure } from "./toDbFailure.ts";
import { jsonRow, jsonText, scalarText } from "./valueText.ts";

/** What connectors to the same database may share. */
export interface PostgresConnectorOptions {
  /** What has been learned of the tables; transactions and callers' connectors are given their parent's. @default new */
  types?: TableTypes;
  /** Statements and signatures, for connectors that are made for a request each. @default new */
  memory?: ConnectorMemory;
}

type Encodings = ReadonlyMap<string, ColumnEncoding> | undefined;
interface Prepared extends CachedSql {
  readonly values: readonly (string | null)[];
}

/** A connector that speaks to Postgres itself. */
export function postgresConnector(runner: StatementRunner, options: PostgresConnectorOptions = {}): Connector {
  return new PostgresConnector(runner, options.types ?? new TableTypes(), options.memory ?? new ConnectorMemory());
}

/** Failures that may come of a signature that has changed since. */
const tellsOfTypes: ReadonlySet<DbFailure["kind"]> = new Set(["drift", "data", "pooler"]);

class PostgresConnector implements Connector {
  readonly kind = "postgres";
  readonly #cache: StatementCache;
  readonly #signatures: Map<string, FunctionSignature>;

  constructor(readonly runner: StatementRunner, readonly types: TableTypes, memory: ConnectorMemory) {
    this.#cache = memory.statements;
    this.#signatures = memory.signatures;
  }

  insert(table: TableRef, rows: readonly Row[]): Promise<Outcome<Row[]>> {
    return this.#insert(table, rows, undefined);
  }

  async upsert(table: TableRef, rows: readonly Row[], onConflict: readonly string[]): Promise<Outcome<Row[]>> {
    if (onConflict.length > 0) return await this.#insert(table, rows, onConflict);
    return { failure: refusalOf(new CallRefusedError("INVALID_CALL", "Cannot upsert without columns of a conflict")) };
  }

  async update(table: TableRef, patch: Row, match: Match): Promise<Outcome<Row[]>> {
    return await this.#write(table, (known) => {
      refuseEmptyMatch(match);
      const set = encodeRow(patch, known);
      const where = encodeMatch(match, known);
      if (set.columns.length === 0) {
        throw new CallRefusedError("INVALID_CALL", "Cannot update rows with an empty patch");
      }
      const key = `u\0${tableKey(table)}\0${shapeOf(set)}\0${shapeOf(where)}`;
      const cached = this.#cache.get(key, () => compileUpdate(table, set, where));
      return { ...cached, values: [...set.values, ...where.values] };
    });
  }

  async delete(table: TableRef, match: Match): Promise<Outcome<Row[]>> {
    return await this.#write(table, (known) => {
      refuseEmptyMatch(match);
      const where = encodeMatch(match, known);
      const key = `d\0${tableKey(table)}\0${shapeOf(where)}`;
      return { ...this.#cache.get(key, () => compileDelete(table, where)), values: where.values };
    });
  }

  async select(table: TableRef, selection: Selection): Promise<Outcome<Row[]>> {
    const { columns, match = {}, order = [], limit, offset } = selection;
    return await this.#run(table, columns === undefined, true, (known) => {
      if (columns?.length === 0) throw new CallRefusedError("INVALID_CALL", "Cannot select an empty list of columns");
      const where = encodeMatch(match, known);
      const counts = [limit, offset].filter((count) => count !== undefined).map(String);
      const shape = [columns ?? null, order, limit !== undefined, offset !== undefined];
      const key = `s\0${tableKey(table)}\0${JSON.stringify(shape)}\0${shapeOf(where)}`;
      const cached = this.#cache.get(key, () => compileSelect(table, selection, where));
      return { ...cached, values: [...where.values, ...counts] };
    });
  }

  async rpc(fn: TableRef, args: Row): Promise<Outcome<unknown>> {
    const names = rowKeys(args).sort();
    const key = `${tableKey(fn)}\0${names.join("\0")}`;
    let call: Prepared | undefined;
    try {
      const signature = this.#signatures.get(key) ?? await this.#readSignature(key, fn, names);
      const values = names.map((name) => {
        const text = signature.jsonArguments.has(name) ? undefined : argumentText(args[name]);
        return text === undefined ? jsonText(args[name]) : text;
      });
      const shape = `c\0${key}\0${[...signature.jsonArguments.values()]}`;
      call = { ...this.#cache.get(shape, () => compileCall(fn, names, signature)), values };
      const { rows } = await this.runner.run({ ...call, isCall: true });
      return { value: callAnswer(rows, signature) };
    } catch (error) {
      if (call === undefined && isRefusal(error)) return { failure: refusalOf(error) };
      const failure = toDbFailure(error, call === undefined ? { isRead: true } : { sql: call.sql });
      // What a function refuses says nothing of its signature: who is refused often is not to cost a look each time.
      if (tellsOfTypes.has(failure.kind)) this.#signatures.delete(key);
      return { failure };
    }
  }

  close(): Promise<void> {
    return this.runner.close();
  }

  async #insert(table: TableRef, rows: readonly Row[], onConflict: readonly string[] | undefined) {
    if (rows.length === 0) return { value: [] };
    const target = `i\0${tableKey(table)}\0${onConflict?.join("\0") ?? ""}\0${onConflict?.length ?? ""}`;
    if (rows.length === 1) {
      return await this.#write(table, (known) => {
        const row = encodeRow(rows[0]!, known);
        const cached = this.#cache.get(`${target}\0${shapeOf(row)}`, () => compileInsert(table, row, onConflict));
        return { ...cached, values: row.values };
      });
    }
    const groups = groupRows(rows);
    const outcome = await this.#write(table, () => {
      const columns = groups.map((group) => group.columns);
      const compile = () => compileInsertMany(table, columns, onConflict);
      const key = `${target}\0many\0${columns[0]?.join("\0")}`;
      // Only rows that all have the same keys come again in this shape.
      const cached = groups.length === 1 ? this.#cache.get(key, compile) : { sql: compile(), isPrepared: false };
      const lists = groups.filter((group) => group.columns.length > 0);
      return { ...cached, values: lists.map((group) => `[${group.rows.map((row) => jsonRow(row, group.columns))}]`) };
    });
    return outcome.value === undefined ? outcome : { value: inGivenOrder(outcome.value, groups) };
  }

  async #write(table: TableRef, prepare: (known: Encodings) => Prepared): Promise<Outcome<Row[]>> {
    return await this.#run(table, true, false, prepare);
  }

  async #run(
    table: TableRef,
    isWhole: boolean,
    isRead: boolean,
    prepare: (known: Encodings) => Prepared,
  ): Promise<Outcome<Row[]>> {
    const known = this.types.get(table);
    let statement: Prepared;
    try {
      statement = prepare(known);
    } catch (error) {
      return { failure: refusalOf(error) };
    }
    try {
      const result: RunResult = await this.runner.run(statement);
      if (isWhole) this.types.learn(table, result.columns);
      return { value: result.rows };
    } catch (error) {
      const failure = toDbFailure(error, { table, sql: statement.sql, isRead });
      if (failure.kind !== "drift" && failure.kind !== "pooler") return { failure };
      this.types.forget(table);
      // What was known of the types was out of date, and the statement had no effect: it is made anew.
      if (failure.code !== "42804" || known === undefined) return { failure };
      const again = await this.#run(table, isWhole, isRead, prepare);
      return again.failure?.code === "25P02" ? { failure } : again; // In a transaction nothing comes after a failure.
    }
  }

  async #readSignature(key: string, fn: TableRef, names: readonly string[]): Promise<FunctionSignature> {
    const list = `{${names.map((name) => `"${name.replace(/[\\"]/g, "\\$&")}"`).join(",")}}`;
    compileCall(fn, names, unknownSignature); // Refuses what is no name.
    const { rows } = await this.runner.run({
      sql: signatureQuery,
      values: [fn.schema, fn.name, list],
      isPrepared: true,
    });
    const signature = toSignature(rows[0]);
    if (rows.length > 0 && this.#signatures.size < 256) this.#signatures.set(key, signature);
    return signature;
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof CallRefusedError || (error instanceof TypeError && !("code" in error));
}

/** An argument has no table to read JSON by; a list is taken for an array. */
function argumentText(value: unknown): string | null | undefined {
  return Array.isArray(value) ? listArgument(value) : scalarText(value);
}

function listArgument(value: readonly unknown[]): string {
  const members = value.map((member) => {
    if (member === null || member === undefined) return "NULL";
    if (Array.isArray(member)) return listArgument(member);
    return `"${(scalarText(member) ?? jsonText(member)).replace(/[\\"]/g, "\\$&")}"`;
  });
  return `{${members.join(",")}}`;
}

import type { Row, TableRef } from "../../connect/connector.ts";
import type { DbFailure } from "../../connect/dbFailure.ts";
import { isSqlState } from "../../db/sqlState.ts";
import type { RowFate } from "../client/batchReport.ts";
import type { HealingDeps } from "../client/healingDeps.ts";
import type { HealedWrite } from "../client/healWrite.ts";
import { keepDeadLetters } from "../client/keepDeadLetters.ts";
import { ResilientDbError } from "../client/resilientDbError.ts";
import { tryAndHeal } from "../client/runStatement.ts";
import type { DiagnosisKind } from "../diagnosis/diagnosis.ts";
import { fatesOf } from "./fatesOf.ts";

/** Rows that stand next to each other in a batch. */
export interface Range {
  readonly table: TableRef;
  /** Where the first of them stands. */
  readonly start: number;
  readonly rows: readonly Row[];
}

/** What became of one row. */
export interface SettledRow {
  readonly fate: RowFate;
  readonly error?: ResilientDbError;
}

/** What a try of a range comes to. */
export type RangeOutcome =
  /** Every row is settled. */
  | { readonly kind: "settled"; readonly rows: readonly SettledRow[] }
  /** Some row cannot land, and takes the others with it: they are tried apart. */
  | { readonly kind: "parted"; readonly parts: readonly Range[] };

/** Tries a range as one statement. */
export type TryRange = (range: Range) => Promise<RangeOutcome>;

/** What a range that has failed comes to. */
export type AfterFailure =
  | { readonly kind: "parted"; readonly parts: readonly Range[] }
  | { readonly kind: "dead"; readonly failure: DbFailure }
  | { readonly kind: "failed"; readonly failure: DbFailure };

/** Tries a range without a key: what lands, lands at once. */
export function plainRange(deps: HealingDeps, signal: AbortSignal | undefined): TryRange {
  return async (range) => {
    const call = { operation: "insert", table: range.table, rows: range.rows } as const;
    const healed = await tryAndHeal(deps, call, { deadLetter: false, ...(signal === undefined ? {} : { signal }) });
    if (healed.failure === undefined) {
      return { kind: "settled", rows: fatesOf(healed.prepared).map((fate) => ({ fate })) };
    }
    const after = afterFailure(range, healed, await mayInsert(deps, range, healed.failure));
    if (after.kind === "parted") return after;
    const deadLetterIds = after.kind === "dead" ? await keepRange(deps, range, healed) : [];
    return { kind: "settled", rows: givenUp(range, after.failure, healed, deadLetterIds) };
  };
}

/** Rows that are given up: kept, where there is a letter for each. */
export function givenUp(
  { rows }: Range,
  failure: DbFailure,
  { diagnosis }: Pick<HealedWrite, "diagnosis">,
  deadLetterIds: readonly string[],
): SettledRow[] {
  return rows.map((_, at) => {
    const id = deadLetterIds[at];
    const parts = { deadLetterIds: id === undefined ? [] : [id], ...(diagnosis === undefined ? {} : { diagnosis }) };
    return { fate: id === undefined ? "failed" : "deadLettered", error: new ResilientDbError(failure, parts) };
  });
}

function keepRange(deps: HealingDeps, { table, rows }: Range, { failure, attempts, prepared }: HealedWrite) {
  const { snapshot, schemaHash } = prepared.plan;
  return keepDeadLetters(deps, {
    call: { operation: "insert", table, rows },
    failure: failure!,
    attempts,
    ...(schemaHash === "" ? {} : { schemaHash }),
    ...(snapshot === undefined ? {} : { table: snapshot }),
  });
}

/**
 * What is to be done about a range that could not land: rows that are known to be at fault are taken out at once; where
 * nobody knows which it is, the range is halved; and where it is nobody's fault among them, none of them is tried apart.
 */
export function afterFailure(
  range: Range,
  { failure, diagnosis, refusedPlaces }: HealedWrite,
  isAllowed: boolean,
): AfterFailure {
  const { rows } = range;
  if (!isOfRows(failure!, diagnosis) || !isAllowed) return { kind: "failed", failure: failure! };
  const isCallers = failure!.kind === "conflict" || failure!.kind === "rights";
  if (rows.length === 1) return { kind: isCallers ? "failed" : "dead", failure: failure! };
  if (refusedPlaces.length > 0 && refusedPlaces.length < rows.length) {
    return { kind: "parted", parts: cutOut(range, refusedPlaces) };
  }
  const middle = Math.ceil(rows.length / 2);
  return { kind: "parted", parts: [slice(range, 0, middle), slice(range, middle, rows.length)] };
}

/** Where rights were missing: may the caller insert into the table at all, so that it is a policy that refuses a row? */
export async function mayInsert(
  { route: { database }, onError }: HealingDeps,
  { table, rows }: Range,
  failure: DbFailure | undefined,
): Promise<boolean> {
  if (failure?.code !== "42501" || rows.length === 1) return true;
  if (database === undefined) return false;
  try {
    const [row] = await database.sql<{ may: boolean | null }>`
      select has_any_column_privilege(to_regclass(format('%I.%I', ${table.schema}::text, ${table.name}::text)), 'insert') as may`;
    return row?.may === true;
  } catch (error) {
    onError(error);
    return false;
  }
}

/** Is the failure one of the rows themselves, so that others may land without them? */
function isOfRows({ kind, code }: DbFailure, diagnosis: DiagnosisKind | undefined): boolean {
  switch (kind) {
    case "data":
    case "drift":
    case "order":
    case "conflict":
      return true;
    case "rights":
      return code === "42501"; // A policy may refuse one row and take the next.
    case "capacity":
      return !["53100", "25006"].includes(code); // A full disk has no room for half of them either.
    case "other":
      return isSqlState(code) && diagnosis !== "invalid_call"; // Else it is of the call: a key of another request.
    default:
      return false;
  }
}

function slice({ table, start, rows }: Range, from: number, to: number): Range {
  return { table, start: start + from, rows: rows.slice(from, to) };
}

/** Each row at fault alone, and what lies between them together. */
function cutOut(range: Range, places: readonly number[]): Range[] {
  const parts: Range[] = [];
  let from = 0;
  for (const place of places) {
    if (place > from) parts.push(slice(range, from, place));
    parts.push(slice(range, place, place + 1));
    from = place + 1;
  }
  if (from < range.rows.length) parts.push(slice(range, from, range.rows.length));
  return parts;
}

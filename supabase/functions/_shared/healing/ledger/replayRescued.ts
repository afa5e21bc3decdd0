import type { Database, SqlTag } from "../../db/database.ts";
import { sqlStateOf } from "../../db/sqlState.ts";
import { assumeWriter, UnknownWriterError } from "./assumeWriter.ts";
import { postgresRescueStore } from "./postgresRescueStore.ts";
import { readJsonMembers } from "./readJsonMembers.ts";
import type { Rescue } from "./rescue.ts";
import { rowKeyText } from "./rowKeyText.ts";

/** A mapping that has become certain: where the rescued fields of one key belong. */
export interface ReplayOrder {
  /** Only these rescues. @default all */
  readonly ids?: readonly string[];
  readonly since?: Date;
  readonly tableOid: number;
  readonly key: string;
  readonly target: { readonly attnum: number; readonly column: string };
  /** What a column of a row's key is called by now. @default as it was called then */
  readonly nameNow?: (column: string) => string;
  /** The heal that made it certain. */
  readonly healingId?: string;
  /** Makes of a field's JSON text what the column takes, also as JSON text; undefined to leave it. @default as it is */
  readonly coerce?: (valueText: string) => string | undefined;
  /** An operator takes the responsibility: the rights are the service's instead of the writer's. @default false */
  readonly isOperator?: boolean;
  /** Goes on behind this id. */
  readonly afterId?: string;
  /** How many in this transaction. @default 100 */
  readonly limit?: number;
}

/** Why a field stays in the ledger. */
export type KeptReason = "occupied" | "gone" | "lossy" | "refused" | "left";

/** What became of one round. */
export interface ReplayRound {
  readonly moved: readonly string[];
  readonly kept: readonly { readonly id: string; readonly reason: KeptReason; readonly code?: string }[];
  /** Where the next round goes on; absent when there is nothing left. */
  readonly nextId?: string;
}

/**
 * Moves rescued fields to the column where they belong, exactly once: taking, moving and marking are one transaction, and
 * what another one has taken is left out. A column that holds a value is never overwritten, and a value that the column
 * would not hold as it was sent stays in the ledger.
 */
export async function replayRescued(database: Database, order: ReplayOrder): Promise<ReplayRound> {
  const { limit = 100 } = order;
  return await database.transaction(async (sql) => {
    const store = postgresRescueStore(sql);
    const taken = await store.takeForReplay({ ...order, limit });
    const moved: string[] = [];
    const kept: { id: string; reason: KeptReason; code?: string }[] = [];
    for (const rescue of taken) {
      const { fate, code } = await moveField(sql, rescue, order);
      if (fate !== "moved") {
        kept.push({ id: rescue.id, reason: fate, ...(code === undefined ? {} : { code }) });
        continue;
      }
      const { target: { column, attnum }, key, healingId = null } = order;
      await store.markReplayed(rescue.id, { key, column, attnum, healingId });
      moved.push(rescue.id);
    }
    const last = taken.at(-1);
    return { moved, kept, ...(last === undefined || taken.length < limit ? {} : { nextId: last.id }) };
  });
}

interface MoveResult {
  readonly fate: "moved" | KeptReason;
  readonly code?: string;
}

async function moveField(sql: SqlTag, rescue: Rescue, order: ReplayOrder): Promise<MoveResult> {
  const { key, target: { attnum }, coerce = (text) => text, nameNow = (name) => name, isOperator = false } = order;
  const text = readJsonMembers(rescue.rescuedText).find(([name]) => name === key)?.[1];
  const value = text === undefined ? undefined : coerce(text);
  if (value === undefined || rescue.rowKey === undefined) return { fate: "left" };
  const rowKey = rowKeyText(
    Object.fromEntries(Object.entries(rescue.rowKey).map(([name, value]) => [nameNow(name), value])),
  );
  try {
    const writer = isOperator ? { role: "none", claims: {} } : rescue.writer;
    return await assumeWriter(sql, writer, async () => {
      const [row] = await sql<{ fate: "moved" | "occupied" | "gone" | "lossy" }>`
        select resilience_gate.move_value(${rescue.table.oid}::bigint, ${rowKey}::text::jsonb, ${attnum}::integer,
          ${value}::text) as fate`;
      return { fate: row?.fate ?? "gone" };
    });
  } catch (error) {
    if (error instanceof UnknownWriterError) return { fate: "refused", code: error.code };
    const code = sqlStateOf(error);
    if (code === undefined || !staysKept(code)) throw error;
    return { fate: "refused", code };
  }
}

/** The value or the rights are at fault; anything else, such as a deadlock or a lost connection, ends the round. */
function staysKept(code: string): boolean {
  return code.startsWith("22") || code.startsWith("23") || code === "42501" || code === "42804" || code === "428C9";
}

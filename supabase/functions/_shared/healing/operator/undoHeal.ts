import type { SqlTag } from "../../db/database.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import type { HealingDeps, HealingKernel } from "../client/healingDeps.ts";
import type { OperatorNote } from "../client/operatorReports.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";
import { exactJson } from "../ledger/exactJson.ts";
import type { Heal } from "../ledger/heal.ts";
import { parseExactJson } from "../ledger/parseExactJson.ts";
import { postgresHealingLedger } from "../ledger/postgresHealingLedger.ts";
import type { Rescue } from "../ledger/rescue.ts";
import { findHeal } from "./findHeal.ts";
import { OperatorRefusal } from "./operatorRefusal.ts";
import { type KeptRow, readKeptRow } from "./readKeptRow.ts";
import { reconstructKept } from "./reconstructKept.ts";
import { refutePattern } from "./refutePattern.ts";
import { setAsideAgain } from "./setAsideAgain.ts";

const recordsAtOnce = 100;

/**
 * Takes a heal back, in one transaction: in each row that still holds the value that landed, the column is emptied and the
 * value set aside instead, so the payload reconstructs as before. What somebody has changed since stays as it is. The
 * evidence that spoke for the heal is refuted, so that the next write is not healed the same way.
 */
export async function undoHeal(
  deps: HealingDeps,
  kernel: HealingKernel,
  id: string,
  { by = "operator", reason }: OperatorNote = {},
): Promise<{ rows: number }> {
  const schema = await kernel.schema.latest();
  const { heal, planId } = await findHeal(kernel.ledger, id);
  const { from, to } = heal;
  if (from === undefined || to === undefined) {
    throw new OperatorRefusal(
      "NOTHING_TO_UNDO",
      `Cannot undo heal ${id} as it put no value in a column of another name`,
    );
  }
  if (heal.diagnosis === "unknown_table") {
    throw new OperatorRefusal("CANNOT_UNDO", `Cannot undo heal ${id} as the table itself has another name by now`);
  }
  const rows = await kernel.database.transaction(async (sql) => {
    const ledger = postgresHealingLedger(sql);
    const isOurs = await ledger.markUndone(heal.id, { by, ...(reason === undefined ? {} : { reason }) });
    if (!isOurs) throw new OperatorRefusal("UNDONE_ALREADY", `Cannot undo heal ${id} as it was undone before`);
    let taken = 0;
    await ledger.unpackNoted(planId);
    const ids = await lockRecords(sql, planId);
    for (let at = 0; at < ids.length; at += recordsAtOnce) {
      const rescues = await ledger.listRescued({ ids: ids.slice(at, at + recordsAtOnce), limit: recordsAtOnce });
      for (const rescue of rescues) if (await takeBack(sql, rescue, heal, schema)) taken++;
    }
    await refutePattern(sql, heal, schema, reason);
    return taken;
  });
  kernel.shelf.forget();
  kernel.rules.forget();
  deps.plans.clear();
  return { rows };
}

async function lockRecords(sql: SqlTag, planId: string): Promise<string[]> {
  const rows = await sql<{ id: string }>`
    select id from resilience.rescued_fields
    where healing_id = ${planId}::uuid and landed_at is not null order by id for update`;
  return rows.map(({ id }) => id);
}

/** A value that was made to fit stands under its column's own name. */
function isOfHeal(part: { key: string; column: string }, { from, to }: Heal): boolean {
  return part.column === to && (part.key === from || from === to);
}

async function takeBack(sql: SqlTag, rescue: Rescue, heal: Heal, schema: KnownSchema): Promise<boolean> {
  const part = rescue.shape.parts.find((each) => "column" in each && isOfHeal(each, heal));
  if (part === undefined || !("column" in part)) return false;
  const row = await readKeptRow(sql, rescue, schema);
  const column = row?.columnOf(part.column);
  if (row === undefined || column === undefined) return false;
  refuseWhereHeld(row, column, heal);
  const text = "note" in part ? part.note : valueText(rescue, row, part.column);
  if (text === undefined) return false; // Changed since: what was sent cannot be told from the row.
  const sent = parseExactJson(text);
  const fitted = coerceLosslessly(sent, coercionColumnOf(column, schema.snapshot));
  const landed = fitted.ok ? exactJson(fitted.value) : text;
  const [outcome] = await sql<{ fate: "taken" | "changed" | "gone" }>`
    select resilience.take_back_value(${rescue.table.oid}::bigint, ${row.rowKeyText}::text::jsonb,
      ${column.attnum}::integer, ${landed}::text) as fate`;
  if (outcome?.fate !== "taken") return false;
  await setAsideAgain(sql, rescue, { key: part.key, text, row, column });
  return true;
}

/** The text of a value that the row itself tells, as long as the whole row still tells it. */
function valueText(rescue: Rescue, row: KeptRow, column: string): string | undefined {
  const rebuilt = reconstructKept(rescue, row);
  return rebuilt?.isExact === true ? exactJson(rebuilt.landed[column]) : undefined;
}

function refuseWhereHeld({ table }: KeptRow, column: ColumnSnapshot, { id }: Heal): void {
  const refuse = (why: string) => {
    throw new OperatorRefusal("CANNOT_UNDO", `Cannot undo heal ${id} as column "${column.name}" ${why}`);
  };
  const isKey = table.constraints.some(({ kind, attnums }) =>
    kind === "primary key" && attnums.includes(column.attnum)
  );
  if (isKey) refuse("is part of the key");
  if (column.isGenerated) refuse("is generated");
  if (!column.isNullable && column.defaultExpression === null && !column.isIdentity) {
    refuse("must not be null and has no default");
  }
}

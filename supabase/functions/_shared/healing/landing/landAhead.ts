import type { Connector, Outcome } from "../../connect/connector.ts";
import { describePayload } from "../ledger/describePayload.ts";
import type { HealingLedger } from "../ledger/healingLedger.ts";
import type { RescueRecord } from "../ledger/rescue.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { ledgerRecords, type RecordsContext } from "./ledgerRecords.ts";
import { sendWrite, type SentWrite } from "./sendWrite.ts";

/**
 * Lands a write whose transaction is not ours, as through PostgREST: what would be lost is set aside first, and confirmed
 * once the row is there. A crash in between leaves a rescue without a row, never a row without its rescue.
 */
export async function landAhead(
  connector: Connector,
  ledger: HealingLedger,
  prepared: PreparedWrite,
  context: RecordsContext,
): Promise<Outcome<SentWrite>> {
  const ahead = await rescueAhead(ledger, prepared, context);
  const outcome = await sendWrite(connector, prepared);
  if (outcome.failure !== undefined) {
    // Where nobody knows whether it landed, the rescue stays, unconfirmed.
    if (!outcome.failure.isOutcomeUnknown) await Promise.all([...ahead.values()].map((id) => ledger.dropUnlanded(id)));
    return outcome;
  }
  const { heals, rescues } = ledgerRecords(prepared, outcome.value, context);
  await ledger.recordHeals(heals);
  const noted: RescueRecord[] = [];
  for (const { place, record } of rescues) {
    const id = ahead.get(place);
    if (id === undefined) noted.push(record);
    else {
      ahead.delete(place);
      await ledger.confirmLanded(id, record.rowKey, record.healingId);
    }
  }
  await ledger.noteLanded(noted);
  // What no row came back for: an update that matched none, an insert that a trigger has kept back.
  if (outcome.value.places !== undefined) { for (const id of ahead.values()) await ledger.dropUnlanded(id); }
  return outcome;
}

/** Sets aside what each payload is, by its place; nothing has come back yet, so every value is kept as text. */
async function rescueAhead(ledger: HealingLedger, prepared: PreparedWrite, { newId }: RecordsContext) {
  const { rows, plan } = prepared;
  const places = plan.snapshot === undefined ? [] : [...rows.keys()].filter((place) => rows[place]!.needsLedger);
  const ahead = new Map(places.map((place) => [place, newId()]));
  await ledger.rescueAhead([...ahead].map(([place, id]) => {
    const { shape, rescuedText, rescuedKeys } = describePayload({ ...rows[place]!, landed: {} });
    const { oid, schema, name } = plan.snapshot!;
    return { id, table: { oid, schema, name }, rescuedText, rescuedKeys, shape, schemaVersion: plan.schemaHash };
  }));
  return ahead;
}

import type { Row } from "../../connect/connector.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { describePayload } from "../ledger/describePayload.ts";
import type { HealRecord } from "../ledger/heal.ts";
import type { RescueRecord } from "../ledger/rescue.ts";
import type { HealDraft } from "../plan/healDraft.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { keyShapeOf } from "../plan/writeCall.ts";
import { healsOf } from "../plan/writePlan.ts";
import type { SentWrite } from "./sendWrite.ts";

/** Whatever names a heal's rows: kept short, as each row's own record names its heal. */
const mostRowKeys = 20;

/** What the ledger keeps of a write that has landed. */
export interface LedgerRecords {
  readonly heals: readonly HealRecord[];
  readonly rescues: readonly PlacedRescue[];
}

/** What is kept of one row that has landed, and the place of its payload. */
export interface PlacedRescue {
  readonly place: number;
  readonly record: RescueRecord;
}

/** What is noted besides the write. */
export interface RecordsContext {
  readonly durationMs: number;
  readonly newId: () => string;
  readonly requestId?: string;
}

const keyNames = new WeakMap<TableSnapshot, readonly string[]>();

/** The key of a row: its primary key, or all of it where there is none. */
export function rowKeyOf(row: Row, table: TableSnapshot): Row {
  let names = keyNames.get(table);
  if (names === undefined) {
    const primary = table.constraints.find(({ kind }) => kind === "primary key");
    names = table.columns.filter(({ attnum }) => primary?.attnums.includes(attnum) ?? true).map(({ name }) => name);
    keyNames.set(table, names);
  }
  return Object.fromEntries(names.map((name) => [name, row[name] ?? null]));
}

/** The id that the records of a plan's rows carry: that of the first finding that concerns the row's shape. */
export function planIdOf(prepared: PreparedWrite, payload: Row): string | undefined {
  const shape = prepared.plan.shapes.get(keyShapeOf(payload));
  return shape?.heals[0]?.id ?? prepared.plan.heals[0]?.id;
}

/** Puts together what the ledger keeps. Rows that tell by themselves what was sent have no record. */
export function ledgerRecords(prepared: PreparedWrite, sent: SentWrite, context: RecordsContext): LedgerRecords {
  const { plan: { snapshot: table }, call } = prepared;
  const keysByPlan = new Map<string, Row[]>();
  const rescues: PlacedRescue[] = [];
  if (table !== undefined && sent.places !== undefined && call.rows.length > 0) {
    sent.rows.forEach((landed, at) => {
      const place = sent.places![at]!;
      const planId = planIdOf(prepared, prepared.rows[place]!.payload);
      const keys = planId === undefined ? undefined : keysByPlan.get(planId) ?? [];
      if (keys !== undefined && keys.length < mostRowKeys) keysByPlan.set(planId!, [...keys, rowKeyOf(landed, table)]);
      const record = recordOf(prepared, place, landed, context);
      if (record !== undefined) rescues.push({ place, record });
    });
  }
  const heals = healsOf(prepared.plan).map((draft) => toRecord(draft, prepared, keysByPlan, context));
  return { heals, rescues };
}

/** What the ledger keeps of one row that has landed; undefined where the row tells by itself what was sent. */
export function recordOf(
  prepared: PreparedWrite,
  place: number,
  landed: Row,
  { newId }: RecordsContext,
): RescueRecord | undefined {
  const { plan } = prepared;
  const { payload, mapping } = prepared.rows[place]!;
  const described = describePayload({ payload, mapping, landed });
  if (plan.snapshot === undefined || described.isPlain) return undefined;
  const planId = planIdOf(prepared, payload);
  return {
    id: newId(),
    ...(planId === undefined ? {} : { healingId: planId }),
    table: tableOf(plan.snapshot),
    rowKey: rowKeyOf(landed, plan.snapshot),
    rescuedText: described.rescuedText,
    rescuedKeys: described.rescuedKeys,
    shape: described.shape,
    schemaVersion: plan.schemaHash,
  };
}

function tableOf({ oid, schema, name }: TableSnapshot) {
  return { oid, schema, name };
}

function toRecord(
  draft: HealDraft,
  { plan }: PreparedWrite,
  keysByPlan: ReadonlyMap<string, Row[]>,
  { durationMs, requestId }: RecordsContext,
): HealRecord {
  const shape = [...plan.shapes.values()].find(({ heals }) => heals.includes(draft));
  const planId = shape?.heals[0]?.id ?? plan.heals[0]?.id;
  const keys = shape === undefined ? [...keysByPlan.values()].flat() : keysByPlan.get(planId ?? "");
  return {
    ...draft,
    ...(requestId === undefined ? {} : { requestId }),
    table: plan.snapshot === undefined ? plan.table : tableOf(plan.snapshot),
    evidence: { ...draft.evidence, plan: planId },
    rowKeys: (keys ?? []).slice(0, mostRowKeys),
    schemaVersion: plan.schemaHash,
    durationMs,
  };
}

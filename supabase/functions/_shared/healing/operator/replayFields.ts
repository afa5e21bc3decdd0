import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { ColumnSnapshot, TableSnapshot } from "../../schema/snapshot.ts";
import type { HealingKernel } from "../client/healingDeps.ts";
import type { ReplayReport } from "../client/operatorReports.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { parseExactJson } from "../ledger/parseExactJson.ts";
import { replayRescued } from "../ledger/replayRescued.ts";
import { columnNow } from "./columnNow.ts";
import { findCertainColumn } from "./findCertainColumn.ts";
import type { ReplayScope } from "./replayScope.ts";

/** What became of rescued fields. */
export type FieldReport = Pick<ReplayReport, "moved" | "kept">;

/** Moves every open field whose column is certain by now. */
export async function replayFields(kernel: HealingKernel, { ids, table, since }: ReplayScope): Promise<FieldReport> {
  const schema = await kernel.schema.latest();
  const { oid = null, name = null, schema: namespace = null } = table ?? {};
  const open = await kernel.database.sql<{ oid: string; key: string }>`
    select distinct rescue.table_oid as oid, field.key
    from resilience.rescued_fields rescue cross join unnest(rescue.open_fields) as field (key)
    where rescue.replayed_at is null and rescue.landed_at is not null
      and (${ids === undefined}::boolean or rescue.id = any (${ids ?? []}::uuid[]))
      and (${name}::text is null or rescue.table_oid = ${oid}::bigint
        or (rescue.table_schema = ${namespace}::text and rescue.table_name = ${name}::text))
      and (${since ?? null}::timestamptz is null or rescue.rescued_at >= ${since ?? null}::timestamptz)`;
  const moved: FieldReport["moved"][number][] = [];
  const kept: FieldReport["kept"][number][] = [];
  for (const { oid, key: keyText } of open) {
    const known = schema.snapshot.tables.find((candidate) => candidate.oid === Number(oid));
    const key = JSON.parse(keyText) as string;
    const column = known && await findCertainColumn(known, key, schema, kernel.planning);
    if (known === undefined || column === undefined) continue;
    const report = await replayKey(kernel, { table: known, key, column, schema }, { ids, since });
    moved.push(...report.moved);
    kept.push(...report.kept);
  }
  return { moved, kept };
}

/** Where the fields of one key belong. */
export interface KeyOrder {
  readonly table: TableSnapshot;
  readonly key: string;
  readonly column: ColumnSnapshot;
  readonly schema: KnownSchema;
}

/** Moves the open fields of one key to its column, round by round. */
export async function replayKey(
  { database, planning }: Pick<HealingKernel, "database" | "planning">,
  { table, key, column, schema }: KeyOrder,
  { ids, since }: Pick<ReplayScope, "ids" | "since"> = {},
): Promise<FieldReport> {
  const target = coercionColumnOf(column, schema.snapshot);
  const coerce = (text: string) => {
    const coercion = coerceLosslessly(parseExactJson(text), target);
    if (coercion.ok) return exactJson(coercion.value);
    return coercion.reason === "unsupported_type" ? text : undefined;
  };
  const moved: FieldReport["moved"][number][] = [];
  const kept: FieldReport["kept"][number][] = [];
  const { former } = await planning.history.columnPast(table.oid, schema.version);
  const nameNow = (name: string) => columnNow(table, name, former)?.name ?? name;
  let afterId: string | undefined;
  do {
    const round = await replayRescued(database, {
      tableOid: table.oid,
      key,
      target: { attnum: column.attnum, column: column.name },
      coerce,
      nameNow,
      ...(ids === undefined ? {} : { ids }),
      ...(since === undefined ? {} : { since }),
      ...(afterId === undefined ? {} : { afterId }),
    });
    moved.push(...round.moved.map((id) => ({ id, key, column: column.name })));
    kept.push(...round.kept.map(({ id, reason, code }) => ({ id, key, reason: code ?? reasonWords[reason] })));
    afterId = round.nextId;
  } while (afterId !== undefined);
  return { moved, kept };
}

const reasonWords = { occupied: "occupied", gone: "gone", lossy: "lossy", refused: "refused", left: "does_not_fit" };

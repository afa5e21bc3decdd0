import { explainHeal } from "../../../_shared/healing/operator/explainHeal.ts";
import type { OperatorContext } from "../operatorDb.ts";
import { withOperatorDb } from "../operatorDb.ts";
import { settleOperatorCall } from "../settleOperatorCall.ts";
import { shownHeal, shownPattern } from "./healSchemas.ts";

/** Says of a heal all there is to know. */
export async function explainOne(id: string, ctx: OperatorContext) {
  const { heal, text, pattern } = settleOperatorCall(
    await withOperatorDb(ctx, (db) => db.call((kernel) => explainHeal(kernel, id))),
  );
  const { plan: _plan, ...evidence } = heal.evidence;
  return {
    view: "heal" as const,
    heal: shownHeal(heal),
    text,
    evidence,
    alternatives: [...heal.alternatives],
    rowKeys: await hasPrimaryKey(ctx, heal.table.oid) ? [...heal.rowKeys] : null,
    pattern: pattern === undefined ? null : shownPattern(pattern),
  };
}

async function hasPrimaryKey({ admin }: OperatorContext, oid: number | undefined): Promise<boolean> {
  const [row] = await admin.sql`
    select from pg_catalog.pg_constraint where conrelid = ${oid ?? null}::bigint::oid and contype = 'p'`;
  return row !== undefined;
}

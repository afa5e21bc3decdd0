import type { Match, Row, Selection, TableRef } from "../../connect/connector.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import { type AppliedRow, applyPlan } from "./applyPlan.ts";
import { emptyPlan } from "./shapePlan.ts";
import { keyShapeOf, type WriteCall } from "./writeCall.ts";
import type { WritePlan } from "./writePlan.ts";

/** A statement made ready to be sent. */
export interface PreparedWrite {
  readonly call: WriteCall;
  readonly plan: WritePlan;
  readonly table: TableRef;
  readonly rows: readonly AppliedRow[];
  readonly conflictColumns: readonly string[];
  readonly match: Match | undefined;
  readonly selection: Selection | undefined;
  /** Does anything of it have to stand in the ledger together with the row? */
  readonly needsLedger: boolean;
}

/** Does to a call what its plan says. Pure. */
export function prepareWrite(call: WriteCall, plan: WritePlan): PreparedWrite {
  const columns = plan.snapshot?.columns ?? [];
  const rows = call.rows.map((row) => applyPlan(row, plan.shapes.get(keyShapeOf(row)) ?? emptyPlan, columns));
  const nameNow = (name: string) => plan.otherNames.get(name) ?? name;
  return {
    call,
    plan,
    table: plan.table,
    rows,
    conflictColumns: (call.conflictColumns ?? []).map(nameNow),
    match: call.match && matchNow(call.match, plan, nameNow),
    selection: call.selection && selectionNow(call.selection, plan, nameNow),
    needsLedger: plan.statements !== undefined || rows.some((row) => row.needsLedger),
  };
}

function matchNow(match: Match, plan: WritePlan, nameNow: (name: string) => string): Match {
  const fitted = Object.entries(match).map(([name, value]) => {
    const column = nameNow(name);
    const target = plan.coercedMatch.get(column);
    if (target === undefined) return [column, value];
    const fit = (each: unknown) => {
      const coercion = coerceLosslessly(each, target);
      return coercion.ok ? coercion.value : each; // What does not fit fails again, with the server's own error.
    };
    return [column, Array.isArray(value) ? value.map(fit) : fit(value)];
  });
  return Object.fromEntries(fitted);
}

function selectionNow(selection: Selection, plan: WritePlan, nameNow: (name: string) => string): Selection {
  const { columns, match, order } = selection;
  return {
    ...selection,
    ...(columns === undefined ? {} : { columns: columns.map(nameNow) }),
    ...(match === undefined ? {} : { match: matchNow(match, plan, nameNow) }),
    ...(order === undefined ? {} : { order: order.map((term) => ({ ...term, column: nameNow(term.column) })) }),
  };
}

/** Rows that were read, under the names that were asked for. */
export function renameBack(rows: Row[], { call: { selection }, plan: { otherNames } }: PreparedWrite): Row[] {
  const asked = selection?.columns?.filter((name) => otherNames.has(name)) ?? [];
  if (asked.length === 0) return rows;
  return rows.map((row) =>
    Object.fromEntries(selection!.columns!.map((name) => [name, row[otherNames.get(name) ?? name]]))
  );
}

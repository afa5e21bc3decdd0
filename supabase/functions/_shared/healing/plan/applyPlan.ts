import type { Row } from "../../connect/connector.ts";
import { coerceLosslessly } from "../coercion/coerceLosslessly.ts";
import type { CoercionColumn, RefusalReason } from "../coercion/coercion.ts";
import { flattenInto } from "../shape/flattenInto.ts";
import { nestInto } from "../shape/nestInto.ts";
import type { ShapeColumn } from "../shape/shapeRow.ts";
import type { ShapePlan } from "./shapePlan.ts";

/** A row made ready to be sent. */
export interface AppliedRow {
  readonly payload: Row;
  readonly sent: Row;
  /** Key to column, for every key that goes to one; what is not here is set aside. */
  readonly mapping: ReadonlyMap<string, string>;
  /** Does the row alone not tell what was sent, so that the ledger must? Names alone can be told later. */
  readonly needsLedger: boolean;
  /** Values that cannot be made to fit without loss. */
  readonly refusals: readonly { readonly column: string; readonly reason: RefusalReason }[];
}

/** Does to a row what its plan says. Pure: the payload stays as it is. */
export function applyPlan(payload: Row, plan: ShapePlan, columns: readonly ShapeColumn[]): AppliedRow {
  const mapping = new Map<string, string>();
  const refusals: { column: string; reason: RefusalReason }[] = [];
  const reshaped: Record<string, unknown> = Object.create(null);
  let sent: Record<string, unknown> = {};
  let needsLedger = false;
  for (const key of Object.keys(payload)) {
    const value = payload[key];
    if (value === undefined) continue;
    if (plan.rescued.has(key)) {
      needsLedger = true;
      continue;
    }
    if (plan.flattened.has(key) || plan.nested.has(key)) {
      reshaped[key] = value;
      continue;
    }
    const named = plan.names.get(key);
    const column = named?.column ?? key;
    const omitted = plan.omitted.get(column);
    const target = named?.target ?? plan.coerced.get(column);
    if (omitted === "generated" || (omitted === "null" && value === null)) {
      mapping.set(key, column);
      needsLedger = true;
      continue;
    }
    // Whether a column takes a null, or fills itself, is seen to by its own name.
    const fitted = target === undefined || value === null ? value : fit(value, target);
    if (fitted instanceof Refused) {
      needsLedger = true;
      if (named?.isCertain === false) continue;
      refusals.push({ column, reason: fitted.reason });
    } else {
      needsLedger ||= !Object.is(fitted, value);
      put(sent, column, fitted);
    }
    mapping.set(key, column);
  }
  if (plan.flattened.size + plan.nested.size > 0) {
    needsLedger = true;
    sent = reshape(sent, reshaped, columns, mapping);
  }
  return { payload, sent, mapping, needsLedger, refusals };
}

/** A column may be called `__proto__`. */
function put(row: Record<string, unknown>, column: string, value: unknown): void {
  if (column !== "__proto__") row[column] = value;
  else Object.defineProperty(row, column, { value, configurable: true, enumerable: true, writable: true });
}

class Refused {
  constructor(readonly reason: RefusalReason) {}
}

/** The value as the column takes it without loss; of types that no coercion knows, as it is. */
function fit(value: unknown, target: CoercionColumn): unknown {
  const coercion = coerceLosslessly(value, target);
  if (coercion.ok) return coercion.value;
  return coercion.reason === "unsupported_type" ? value : new Refused(coercion.reason);
}

/** Lays objects out and gathers keys; what keeps its shape in this row, though others of its shape do not, is set aside. */
function reshape(
  sent: Record<string, unknown>,
  reshaped: Record<string, unknown>,
  columns: readonly ShapeColumn[],
  mapping: Map<string, string>,
): Record<string, unknown> {
  const laidOut = flattenInto({ ...sent, ...reshaped }, columns);
  for (const { path, column } of laidOut.leaves) mapping.set(path[0]!, column);
  const gathered = nestInto(laidOut.row, columns);
  for (const { key, column } of gathered.nested) mapping.set(key, column);
  const left = Object.keys(reshaped).filter((key) => !mapping.has(key));
  return Object.fromEntries(Object.entries(gathered.row).filter(([key]) => !left.includes(key)));
}

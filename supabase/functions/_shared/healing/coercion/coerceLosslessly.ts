import { coerceAddress } from "./coerceAddress.ts";
import { coerceArray } from "./coerceArray.ts";
import { coerceBoolean } from "./coerceBoolean.ts";
import { coerceBytes } from "./coerceBytes.ts";
import { coerceDate } from "./coerceDate.ts";
import { coerceEnum } from "./coerceEnum.ts";
import { coerceFloat } from "./coerceFloat.ts";
import { coerceInteger } from "./coerceInteger.ts";
import { coerceInterval } from "./coerceInterval.ts";
import { coerceJson } from "./coerceJson.ts";
import { coerceNumeric } from "./coerceNumeric.ts";
import { coerceText } from "./coerceText.ts";
import { coerceTime } from "./coerceTime.ts";
import { coerceTimestamp } from "./coerceTimestamp.ts";
import { coerceUuid } from "./coerceUuid.ts";
import { type Coercer, type Coercion, type CoercionColumn, type CoercionContext, fit, refuse } from "./coercion.ts";
import { type ColumnType, readColumnType, type TypeFamily } from "./columnType.ts";
import { reconstruct } from "./reconstruct.ts";
import { isSameValue } from "./sameValue.ts";

const coercers: Readonly<Record<TypeFamily, Coercer>> = {
  integer: coerceInteger,
  numeric: coerceNumeric,
  float: coerceFloat,
  boolean: coerceBoolean,
  text: coerceText,
  date: coerceDate,
  time: coerceTime,
  timestamp: coerceTimestamp,
  interval: coerceInterval,
  json: coerceJson,
  uuid: coerceUuid,
  bytea: coerceBytes,
  address: coerceAddress,
  enum: coerceEnum,
  array: coerceArray,
};

/** Families that take a list as it is: there, a list of one is no scalar. */
const familiesOfLists: ReadonlySet<TypeFamily> = new Set(["array", "json", "text"]);

/**
 * Makes a value fit a column where nothing is lost by it: what lands is the value that was sent, and `reconstruct` gives
 * the payload back exactly, which is proven here for each value. Pure: the same value and column, the same answer.
 *
 * @example
 * ```ts
 * coerceLosslessly("1,234.50", { type: "numeric(10,2)", isNullable: false });
 * // { ok: true, value: "1234.50", strategy: "number_from_text", inverse: { from: "string", text: "1,234.50" } }
 * coerceLosslessly("12.345", { type: "numeric(10,2)", isNullable: false }); // { ok: false, reason: "would_round" }
 * ```
 */
export function coerceLosslessly(value: unknown, column: CoercionColumn): Coercion {
  if (value === null) return column.isNullable ? fit(null, "unchanged", { from: "null" }) : refuse("null_not_allowed");
  const type = readColumnType(column.type, column.enumLabels !== undefined);
  if (type === undefined) return refuse("unsupported_type");
  const context: CoercionContext = {
    enumLabels: column.enumLabels,
    formerLabels: column.formerLabels,
    coerceMember: (member, memberType) =>
      member === null ? fit(null, "unchanged", { from: "null" }) : coerce(member, memberType, context),
  };
  const coercion = coerce(value, type, context);
  if (!coercion.ok) return coercion;
  if (!isSameValue(reconstruct(coercion.value, coercion.inverse), value)) return refuse("not_reversible");
  return Object.is(coercion.value, value) ? { ...coercion, strategy: "unchanged" } : coercion;
}

function coerce(value: unknown, type: ColumnType, context: CoercionContext): Coercion {
  if (Array.isArray(value) && value.length === 1 && !familiesOfLists.has(type.family) && value[0] !== null) {
    const only = coercers[type.family](value[0], type, context);
    return only.ok ? fit(only.value, "only_member", { from: "listOfOne", of: only.inverse }) : only;
  }
  return coercers[type.family](value, type, context);
}

import type { TargetColumn } from "./column.ts";
import { type TypeFamily, typeFamily } from "./typeFamily.ts";
import type { ValueKind } from "./valueKind.ts";

const integerLimits: Readonly<Record<string, bigint>> = {
  smallint: 32767n,
  int2: 32767n,
  integer: 2147483647n,
  int4: 2147483647n,
};
const largestBigint = 9223372036854775807n;

/** Says whether a written value could be cast to a column's type; made once a column. */
export type CastCheck = (text: string, value: unknown) => boolean;

/** The check of one column. It errs on the side of yes where only the server can tell. */
export function createCastCheck(target: TargetColumn): CastCheck {
  const family = typeFamily(target.type, target.enumLabels);
  const limit = integerLimits[target.type.toLowerCase()] ?? largestBigint;
  const labels = new Set(target.enumLabels?.map((label) => label.toLowerCase()));
  const maxLength = target.maxLength ?? Infinity;
  switch (family) {
    case "integer":
      return (text) => /^[+-]?\d{1,19}(?:\.0+)?$/.test(text) && isWithin(text, limit);
    case "numeric":
      return (text) => /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$|^(?:nan|[+-]?infinity)$/i.test(text);
    case "boolean":
      return (text) => /^(?:t|true|f|false|y|yes|n|no|on|off|0|1)$/i.test(text);
    case "date":
    case "timestamp":
      return (text) => isDateLike(text);
    case "time":
      return (text) => /^\d{1,2}:\d{2}|^\d{4,6}$/.test(text) || /T\d{2}:/.test(text);
    case "uuid":
      return (text) => /^\{?[\da-f]{8}-?(?:[\da-f]{4}-?){3}[\da-f]{12}\}?$/i.test(text);
    case "array":
      return (text, value) => Array.isArray(value) || text.startsWith("{") || text.startsWith("[");
    case "enum":
      return (text) => labels.has(text.toLowerCase());
    case "text":
      return (text) => text.length <= maxLength;
    default:
      return () => true;
  }
}

function isWithin(text: string, limit: bigint): boolean {
  const value = BigInt(text.replace(/\.0+$/, "").replace(/^\+/, ""));
  return value <= limit && value >= -limit - 1n;
}

function isDateLike(text: string): boolean {
  if (/^-?(?:infinity|now|today|epoch)$/i.test(text)) return true;
  // an epoch in seconds or milliseconds, or a date written without marks: a coercion can prove itself on it
  if (/^\d+$/.test(text)) return text.length === 8 || text.length === 10 || text.length === 13;
  return /\d/.test(text) &&
    (/\d{1,4}[-/.]\d{1,2}(?:[-/.]\d{1,4})?/.test(text) || /^[a-z]{3,9}\.?,? \d|^\d{1,2} [a-z]{3}/i.test(text));
}

const natural: Readonly<Partial<Record<TypeFamily, Partial<Record<ValueKind, number>>>>> = {
  integer: { integer: 1, boolean: 0.2 },
  numeric: { decimal: 1, integer: 0.8 },
  boolean: { boolean: 1, integer: 0.2 },
  date: { date: 1, datetime: 0.7, integer: 0.1 },
  timestamp: { datetime: 1, date: 0.8, integer: 0.1 },
  time: { time: 1, datetime: 0.3 },
  uuid: { uuid: 1 },
  json: { structure: 1 },
  array: { structure: 1 },
  text: {
    word: 0.5,
    phrase: 0.5,
    sentence: 0.5,
    paragraph: 0.5,
    code: 0.5,
    url: 0.5,
    email: 0.5,
    phone: 0.4,
    integer: 0.1,
    decimal: 0.05,
  },
};

/** How natural values of a kind are in a column of a type family, 0..1; a half where nothing can be said. */
export function naturalness(family: TypeFamily, kind: ValueKind): number {
  const row = natural[family];
  return row === undefined ? 0.5 : row[kind] ?? (family === "text" ? 0.3 : 0);
}

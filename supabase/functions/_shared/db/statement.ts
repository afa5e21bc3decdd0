import type postgres from "postgres";
import { ArrayMembers } from "./arrayText.ts";
import type { DriverQuery } from "./driverQuery.ts";
import { JsonText } from "./driverTypes.ts";

const mostParameters = 65_533;
const jsonbType = 3802;
const typeByContext = 0;

/** A statement whose values have been checked: sending it cannot throw. */
export interface Statement {
  readonly strings: TemplateStringsArray;
  readonly values: readonly unknown[];
  /** Which types the driver tells Postgres for the values: part of what a prepared statement is known by. */
  readonly kinds: string;
}

/**
 * Checks a statement's values before it has touched a connection: the driver would find out in the middle of its queue,
 * and reject a neighbour.
 */
export function toStatement(strings: TemplateStringsArray, values: readonly unknown[]): Statement {
  if (values.length > mostParameters) {
    throw Object.assign(
      new RangeError(`Cannot send ${values.length} parameters as a statement takes at most ${mostParameters}`),
      { code: "MAX_PARAMETERS_EXCEEDED" },
    );
  }
  const checked = values.map((value, index) => {
    try {
      return element(value, 0);
    } catch (cause) {
      throw new TypeError(`Cannot send parameter ${index + 1} as ${(cause as Error).message}`, { cause });
    }
  });
  return { strings, values: checked, kinds: parameterKinds(checked) };
}

/** The statement as the driver takes it, on the given client. */
export function driverQuery(sql: postgres.Sql, { strings, values }: Statement): DriverQuery {
  const parameters = values.map((value) => {
    // The driver takes an array for one of its first element's type; untyped, Postgres says what the place wants.
    if (Array.isArray(value)) return sql.typed(new ArrayMembers(value) as never, typeByContext);
    return value instanceof JsonText ? sql.typed(value as never, jsonbType) : value;
  });
  return sql(strings, ...parameters as never[]) as DriverQuery;
}

function element(value: unknown, depth: number): unknown {
  switch (typeof value) {
    case "string":
    case "number":
    case "bigint":
    case "boolean":
      return value;
    case "object":
      break;
    default:
      throw new TypeError(`its value is of type ${typeof value}`);
  }
  if (value === null || value instanceof Uint8Array) return value;
  if (value instanceof Date) {
    if (Number.isNaN(value.getTime())) throw new TypeError("its date is invalid");
    return value;
  }
  if (!Array.isArray(value)) return new JsonText(value);
  if (depth === 6) throw new TypeError("its array has more than 6 dimensions, the most that Postgres knows");
  return value.map((inner) => element(inner, depth + 1));
}

function parameterKinds(values: readonly unknown[]): string {
  let kinds = "";
  for (const value of values) {
    kinds += typeof value === "boolean"
      ? "b"
      : typeof value === "bigint"
      ? "i"
      : typeof value !== "object" || value === null || Array.isArray(value)
      ? "-"
      : value instanceof Date
      ? "d"
      : value instanceof Uint8Array
      ? "x"
      : "j";
  }
  return kinds;
}

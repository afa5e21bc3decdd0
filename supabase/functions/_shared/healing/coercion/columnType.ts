/** The families of types that have a coercer. */
export type TypeFamily =
  | "integer"
  | "numeric"
  | "float"
  | "boolean"
  | "text"
  | "date"
  | "time"
  | "timestamp"
  | "interval"
  | "json"
  | "uuid"
  | "bytea"
  | "address"
  | "enum"
  | "array";

/** A column's type, read from how the catalog prints it. */
export interface ColumnType {
  readonly family: TypeFamily;
  /** The name without modifiers, such as `timestamp with time zone`. */
  readonly name: string;
  /** What stands in the parentheses: `[10, 2]` of `numeric(10,2)`. */
  readonly modifiers: readonly number[];
  /** The type of an array's members. */
  readonly member?: ColumnType;
}

const aliases: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int: "integer",
  int8: "bigint",
  decimal: "numeric",
  float4: "real",
  float8: "double precision",
  bool: "boolean",
  varchar: "character varying",
  bpchar: "character",
  time: "time without time zone",
  timetz: "time with time zone",
  timestamp: "timestamp without time zone",
  timestamptz: "timestamp with time zone",
};

const families: ReadonlyMap<string, TypeFamily> = new Map([
  ["smallint", "integer"],
  ["integer", "integer"],
  ["bigint", "integer"],
  ["numeric", "numeric"],
  ["real", "float"],
  ["double precision", "float"],
  ["boolean", "boolean"],
  ["text", "text"],
  ["citext", "text"],
  ["name", "text"],
  ["character varying", "text"],
  ["character", "text"],
  ["date", "date"],
  ["time without time zone", "time"],
  ["time with time zone", "time"],
  ["timestamp without time zone", "timestamp"],
  ["timestamp with time zone", "timestamp"],
  ["interval", "interval"],
  ["json", "json"],
  ["jsonb", "json"],
  ["uuid", "uuid"],
  ["bytea", "bytea"],
  ["inet", "address"],
  ["cidr", "address"],
]);

/** Reads a type; undefined for one without a coercer: money, restricted intervals, arrays of JSON. */
export function readColumnType(printed: string, isEnum: boolean): ColumnType | undefined {
  if (printed.endsWith("[]")) {
    const member = readColumnType(printed.slice(0, -2), isEnum);
    // The connectors write JSON inside an array each in its own way.
    if (member === undefined || member.family === "json" || member.family === "array") return undefined;
    return { family: "array", name: printed, modifiers: [], member };
  }
  if (isEnum) return { family: "enum", name: printed, modifiers: [] };
  const modifiers = /\(([-\d, ]+)\)/.exec(printed);
  const bare = modifiers === null ? printed : printed.replace(modifiers[0], "");
  const unqualified = bare.replace(/^\w+\.(?=citext$)/, "");
  const name = Object.hasOwn(aliases, unqualified) ? aliases[unqualified]! : unqualified;
  const family = families.get(name);
  if (family === undefined) return undefined;
  return { family, name, modifiers: modifiers === null ? [] : modifiers[1]!.split(",").map(Number) };
}

/** The sorts of Postgres types that differ in what text can be cast to them. */
export type TypeFamily =
  | "integer"
  | "numeric"
  | "boolean"
  | "date"
  | "timestamp"
  | "time"
  | "uuid"
  | "json"
  | "array"
  | "text"
  | "enum"
  | "other";

const families: Readonly<Record<string, TypeFamily>> = {
  smallint: "integer",
  int2: "integer",
  integer: "integer",
  int: "integer",
  int4: "integer",
  bigint: "integer",
  int8: "integer",
  serial: "integer",
  bigserial: "integer",
  numeric: "numeric",
  decimal: "numeric",
  real: "numeric",
  float4: "numeric",
  "double precision": "numeric",
  float8: "numeric",
  boolean: "boolean",
  bool: "boolean",
  date: "date",
  timestamp: "timestamp",
  timestamptz: "timestamp",
  time: "time",
  timetz: "time",
  uuid: "uuid",
  json: "json",
  jsonb: "json",
  text: "text",
  varchar: "text",
  "character varying": "text",
  character: "text",
  char: "text",
  bpchar: "text",
  citext: "text",
  name: "text",
};

/** The family of a type as `format_type` prints it; enums are told by their labels. */
export function typeFamily(type: string, enumLabels?: readonly string[]): TypeFamily {
  if (enumLabels !== undefined) return "enum";
  if (type.endsWith("[]")) return "array";
  const bare = type.toLowerCase().replace(/\(.*?\)/, "").replace(/ with(?:out)? time zone$/, "").trim();
  return families[bare] ?? "other";
}

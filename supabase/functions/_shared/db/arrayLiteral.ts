/** A list as Postgres writes an array of whatever type: text that needs no array types of a driver. */
export function arrayLiteral(list: readonly unknown[]): string {
  return `{${list.map(elementOf).join(",")}}`;
}

function elementOf(value: unknown): string {
  if (value === null || value === undefined) return "NULL";
  if (Array.isArray(value)) return arrayLiteral(value);
  const text = value instanceof Date ? value.toISOString() : String(value);
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

/**
 * A value as the text of its JSON, for a parameter cast `::text::jsonb`; null for none. As text it reads the same whatever
 * the driver makes of arrays, booleans and strings it is told are JSON.
 */
export function toJsonText(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}

// deno-lint-ignore no-control-regex -- the one character that Postgres cannot hold in a text
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** A text that Postgres can hold: what it cannot, a NUL or half a surrogate pair, is written as JSON would escape it. */
export function storableText(text: string): string {
  return text.replace(unstorable, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** JSON text that jsonb takes, whatever the strings and keys in `value`. Only for what is told; never for a payload. */
export function storableJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "string") return storableText(inner);
    if (typeof inner === "bigint") return String(inner);
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, member]) => [storableText(name), member]));
  });
}

// deno-lint-ignore no-control-regex -- the one character that Postgres cannot hold in a text
const unstorable = /\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** How JSON writes what Postgres cannot hold, and texts that only look like it. */
const mayBeUnstorable = /\\u(?:0000|d[89a-f])/;

/** A text that Postgres can hold: what it cannot, a NUL or half a surrogate pair, is written as JSON would escape it. */
export function storableText(text: string): string {
  return text.replace(unstorable, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
}

/** JSON text that jsonb takes, whatever the strings and keys in `value`. Only for what is told; never for a payload. */
export function storableJson(value: unknown): string {
  const text = plainJson(value);
  if (text !== undefined && !mayBeUnstorable.test(text)) return text;
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner === "string") return storableText(inner);
    if (typeof inner === "bigint") return String(inner);
    if (inner === null || typeof inner !== "object" || Array.isArray(inner)) return inner;
    return Object.fromEntries(Object.entries(inner).map(([name, member]) => [storableText(name), member]));
  });
}

/** JSON text where nothing has to be replaced for it; undefined for what JSON has no form for. */
function plainJson(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch {
    return undefined; // A bigint, most likely: the long way writes it, or throws the same again.
  }
}

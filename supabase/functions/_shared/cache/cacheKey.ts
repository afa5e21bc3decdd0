/** What is asked for. Parts of a list are kept apart, so that no text of one can pass for another's. */
export type CacheKey = string | number | readonly (string | number | boolean | null)[];

const longestKey = 1_000;

/** One text for each key. Throws where it is too long: what callers send should be bounded before. */
export function keyText(key: CacheKey): string {
  const text = textOf(key);
  if (text.length > longestKey) {
    throw new RangeError(
      `Cannot cache under a key of ${text.length} characters as it may have ${longestKey}: hash what is longer`,
    );
  }
  return text;
}

function textOf(key: CacheKey): string {
  if (typeof key === "number") return `#${key}`;
  if (typeof key !== "string") return JSON.stringify(key);
  const first = key.charCodeAt(0);
  // A text that begins as another kind of key does is set apart; so is one that begins as those that are.
  return first === 0x23 || first === 0x5b || first === 0x22 ? `"${key}` : key;
}

/**
 * Reads the text that {@linkcode exactJson} has written, so that it would write the very text again: digits that a number
 * of JavaScript would change are a bigint, and -0 keeps its sign.
 */
export function parseExactJson(text: string): unknown {
  const keep = (_key: string, value: unknown, context?: { source?: string }) => {
    const source = context?.source;
    if (typeof value !== "number" || source === undefined || String(value) === source) return value;
    return source !== "-0" && /^-?\d+$/.test(source) ? BigInt(source) : value;
  };
  return JSON.parse(text, keep as (key: string, value: unknown) => unknown);
}

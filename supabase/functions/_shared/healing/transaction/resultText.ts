/**
 * A transaction's result as the JSON text that is kept under its key; null for none. What JSON would change unnoticed is
 * refused: the call that runs and the one that is told would get different results.
 */
export function toResultText(result: unknown): string | null {
  if (result === undefined) return null;
  const text = JSON.stringify(result, (_key, inner: unknown) => {
    if (typeof inner === "bigint" || (typeof inner === "number" && !Number.isFinite(inner))) {
      throw new TypeError(`Cannot keep the result under its key as JSON has no place for ${typeof inner} ${inner}`);
    }
    return inner;
  });
  if (text === undefined) {
    throw new TypeError(`Cannot keep the result under its key as JSON has no place for a ${typeof result}`);
  }
  return text;
}

/** The result that a kept text stands for. */
export function readResultText(text: string | null): unknown {
  return text === null ? undefined : JSON.parse(text);
}

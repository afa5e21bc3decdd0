/** How values travel to Redis and back. What cannot be decoded, by whoever wrote it, counts as not there. */
export interface CacheCodec<Value> {
  encode(value: Value): string;
  /** Throws where the text is no such value. */
  decode(text: string): Value;
}

/** Anything that checks what came back, such as a zod schema. */
export interface ValueSchema<Value> {
  parse(value: unknown): Value;
}

/**
 * Values that JSON holds whole: no dates, maps or bigints. `undefined` is one of them. The schema checks what Redis gives
 * back: another version of the code may have written it.
 */
export function jsonCodec<Value>(schema: ValueSchema<Value>): CacheCodec<Value> {
  return {
    encode: (value) => value === undefined ? "" : JSON.stringify(value),
    decode: (text) => schema.parse(text === "" ? undefined : JSON.parse(text)),
  };
}

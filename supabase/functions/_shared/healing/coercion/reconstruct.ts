import { Buffer } from "node:buffer";
import type { Inverse } from "./inverse.ts";

/**
 * The value exactly as it was sent. `stored` is what the coercion gave, or what Postgres gives back for it: as text, or
 * as the drivers parse it.
 *
 * @example
 * ```ts
 * const coercion = coerceLosslessly("yes", { type: "boolean", isNullable: false });
 * if (coercion.ok) reconstruct(true, coercion.inverse); // "yes"
 * ```
 */
export function reconstruct(stored: unknown, inverse: Inverse): unknown {
  switch (inverse.from) {
    case "null":
      return null;
    case "same":
      return stored;
    case "string":
      return inverse.text ?? storedText(stored);
    case "number":
      return Number(inverse.text ?? stored);
    case "bigint":
      return BigInt(inverse.text ?? String(stored));
    case "boolean":
      return inverse.isTrue;
    case "date":
      return new Date(inverse.ms);
    case "bytes":
      return storedBytes(stored);
    case "bufferJson":
      return { type: "Buffer", data: [...storedBytes(stored)] };
    case "jsonText":
      return JSON.parse(String(stored));
    case "list":
      return list(stored).map((member, at) =>
        reconstruct(member, "each" in inverse ? inverse.each : inverse.members[at]!)
      );
    case "onlyMember":
      return reconstruct(list(stored)[0], inverse.of);
    case "listOfOne":
      return [reconstruct(stored, inverse.of)];
  }
}

/** The text of what is stored, also where a driver has read it: a day as its first moment in UTC, bytea as bytes. */
function storedText(stored: unknown): string {
  if (stored instanceof Date) return stored.toISOString().slice(0, "yyyy-mm-dd".length);
  if (stored instanceof Uint8Array) return `\\x${Buffer.from(stored).toString("hex")}`;
  return String(stored);
}

function storedBytes(stored: unknown): Uint8Array {
  if (stored instanceof Uint8Array) return new Uint8Array(stored);
  return new Uint8Array(Buffer.from(String(stored).slice("\\x".length), "hex"));
}

function list(stored: unknown): readonly unknown[] {
  if (Array.isArray(stored)) return stored;
  throw new TypeError(`Cannot reconstruct a list as the stored value is none: got ${typeof stored}`);
}

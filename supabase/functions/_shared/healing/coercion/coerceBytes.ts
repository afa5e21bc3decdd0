import { Buffer } from "node:buffer";
import { type Coercer, fit, refuse } from "./coercion.ts";
import { isPlainObject } from "./sameValue.ts";

/**
 * Bytes, and texts that say themselves how their bytes are written: hex as Postgres prints it, and data URLs. Any other
 * text may mean its own characters, be it ever so much like base64.
 */
export const coerceBytes: Coercer = (value) => {
  if (value instanceof Uint8Array) return fit(toHex(value), "bytes_as_hex", { from: "bytes" });
  if (isBufferJson(value)) return fit(toHex(value.data), "bytes_as_hex", { from: "bufferJson" });
  if (typeof value !== "string") return refuse("unsupported_value");
  if (/^\\x(?:[0-9a-f]{2})*$/i.test(value)) {
    const hex = value.toLowerCase();
    return fit(hex, "bytes_from_text", hex === value ? { from: "string" } : { from: "string", text: value });
  }
  const base64 = /^data:[^,]*;base64,([A-Za-z0-9+/]*={0,2})$/.exec(value)?.[1];
  if (base64 === undefined) return refuse("ambiguous_bytes");
  const bytes = Buffer.from(base64, "base64");
  if (bytes.toString("base64") !== base64) return refuse("ambiguous_bytes");
  return fit(toHex(bytes), "bytes_from_text", { from: "string", text: value });
};

function toHex(bytes: Uint8Array | readonly number[]): string {
  return `\\x${Buffer.from(bytes as Uint8Array).toString("hex")}`;
}

function isBufferJson(value: unknown): value is { type: "Buffer"; data: number[] } {
  return isPlainObject(value) && value.type === "Buffer" && Object.keys(value).length === 2 &&
    Array.isArray(value.data) && value.data.every((byte) => Number.isInteger(byte) && byte >= 0 && byte <= 255);
}

import { Buffer } from "node:buffer";
import type { Row } from "../../connect/connector.ts";
import { storableJson } from "./storableJson.ts";

/**
 * The key of a row in the one form the ledger knows it by: plain values as text, since a driver gives a bigint as text
 * where PostgREST gives a number. Lists and objects stay what they are.
 */
export function normalRowKey(key: Row): Record<string, unknown> {
  return Object.fromEntries(Object.entries(key).map(([column, value]) => [column, normalValue(value)]));
}

/** {@link normalRowKey} as JSON text. */
export function rowKeyText(key: Row): string {
  return storableJson(normalRowKey(key));
}

function normalValue(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  return value === null || typeof value === "object" ? value : String(value);
}

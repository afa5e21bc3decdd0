import { exactJson } from "../ledger/exactJson.ts";
import type { WriteCall } from "../plan/writeCall.ts";

/** SHA-256 in hex of what was asked: a key that comes back with something else belongs to another request. */
export async function payloadHash(call: Pick<WriteCall, "operation" | "table" | "rows" | "match" | "conflictColumns">) {
  const { operation, table, rows, match = null, conflictColumns = null } = call;
  const text = exactJson([operation, table.schema, table.name, rows, match, conflictColumns]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

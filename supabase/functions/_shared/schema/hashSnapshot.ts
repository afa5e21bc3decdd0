import type { SchemaSnapshot } from "./snapshot.ts";

/** A short name for a schema: SHA-256 over the snapshot, whose lists are in order of identity already. */
export async function hashSnapshot(snapshot: SchemaSnapshot): Promise<string> {
  const bytes = new TextEncoder().encode(JSON.stringify([snapshot.tables, snapshot.enums]));
  const digest = await crypto.subtle.digest("SHA-256", bytes);
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

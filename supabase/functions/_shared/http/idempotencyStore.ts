import type { Database } from "../db/database.ts";
import type { Bytes } from "./bytes.ts";

/** An answer as it is kept. */
export interface StoredAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `null` where the body was too large to keep. */
  readonly body: Bytes | null;
}

/** A key within what it is unique in: a function's method and a caller. */
export interface IdempotencyKey {
  readonly scope: string;
  readonly key: string;
}

/** How a request stands under its key. */
export type IdempotencyState =
  /** It is ours to run until the lease ends; `runId` is what finishing takes. */
  | { readonly kind: "run"; readonly runId: string }
  /** It was done before. */
  | { readonly kind: "done"; readonly answer: StoredAnswer }
  /** Somebody else runs it. */
  | { readonly kind: "running"; readonly retryAfterMs: number }
  /** The key was used for another request. */
  | { readonly kind: "reused" };

/** Where requests under a key are recorded. */
export interface IdempotencyStore {
  /** Claims the key for `leaseMs`, or says how it stands. */
  begin(key: IdempotencyKey, requestHash: string, leaseMs: number): Promise<IdempotencyState>;
  /** Keeps the answer, where the lease is still ours or nobody else has taken it. */
  finish(key: IdempotencyKey, runId: string, answer: StoredAnswer): Promise<void>;
  /** Gives the key back without an answer, so that a retry runs. */
  release(key: IdempotencyKey, runId: string): Promise<void>;
}

interface BeginRow {
  state: "run" | "done" | "running" | "reused";
  run_id: string | null;
  status: number | null;
  headers: Record<string, string> | null;
  body: Bytes | null;
  retry_after_ms: number | null;
}

/** Keys in Postgres, by its clock: one statement to begin, one to finish. */
export function databaseIdempotencyStore(database: () => Database): IdempotencyStore {
  return {
    async begin({ scope, key }, requestHash, leaseMs) {
      const [row] = await database().sql<BeginRow>`
        select state, run_id, status, headers, body, retry_after_ms
        from resilience.begin_idempotent_request(${scope}, ${key}, ${requestHash}, ${leaseMs}::integer)`;
      if (row === undefined) throw new Error(`Cannot claim the idempotency key '${key}' as the database gave no row`);
      return stateOf(row);
    },
    async finish({ scope, key }, runId, { status, headers, body }) {
      await database().sql`
        select resilience.finish_idempotent_request(
          ${scope}, ${key}, ${runId}::uuid, ${status}::integer, ${headers}::jsonb, ${body}::bytea)`;
    },
    async release({ scope, key }, runId) {
      await database().sql`select resilience.release_idempotent_request(${scope}, ${key}, ${runId}::uuid)`;
    },
  };
}

function stateOf(row: BeginRow): IdempotencyState {
  switch (row.state) {
    case "run":
      return { kind: "run", runId: row.run_id! };
    case "done":
      return { kind: "done", answer: { status: row.status!, headers: row.headers ?? {}, body: row.body } };
    case "running":
      return { kind: "running", retryAfterMs: row.retry_after_ms ?? 1_000 };
    case "reused":
      return { kind: "reused" };
  }
}

import type { SqlTag } from "../../db/database.ts";
import type { Writer } from "./heal.ts";

/** Thrown where a writer's rights cannot be taken, as their role is none of the API's and not the session's own. */
export class UnknownWriterError extends Error {
  readonly code = "UNKNOWN_WRITER";

  constructor(role: string) {
    super(`Cannot write as "${role}" as it is no role of the API`);
    this.name = "UnknownWriterError";
  }
}

/**
 * Runs `work` under the rights of whoever wrote first, within a transaction and behind a savepoint. What is sent again is
 * judged by the same policies as when it was sent: with more rights, a field that nobody knew would be a way around them.
 * When `work` rejects, all it did is undone and the transaction goes on; its rights come back either way.
 */
export async function assumeWriter<Result>(sql: SqlTag, writer: Writer, work: () => Promise<Result>): Promise<Result> {
  const isOwn = writer.role === "none" || (!writers.has(writer.role) && await isSessionUser(sql, writer.role));
  if (!isOwn && !writers.has(writer.role)) throw new UnknownWriterError(writer.role);
  await sql`savepoint before_writer`;
  try {
    if (!isOwn) {
      await sql`select set_config('request.jwt.claims', ${JSON.stringify(writer.claims)}, true),
        set_config('role', ${writer.role}, true)`;
    }
    const result = await work();
    await sql`select set_config('role', 'none', true), set_config('request.jwt.claims', '', true)`;
    await sql`release savepoint before_writer`;
    return result;
  } catch (error) {
    await sql`rollback to savepoint before_writer`; // Settings made behind it go with it.
    throw error;
  }
}

const writers = new Set(["anon", "authenticated", "service_role"]);

/** What this very session wrote, without anybody's role, it may write again. */
async function isSessionUser(sql: SqlTag, role: string): Promise<boolean> {
  const [row] = await sql<{ is_own: boolean }>`select session_user = ${role}::text as is_own`;
  return row?.is_own === true;
}

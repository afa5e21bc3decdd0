import { createHash } from "node:crypto";
import { AppError } from "../errors/appError.ts";

/** The header in which a client without an account names its session. */
export const sessionKeyHeader = "x-session-key";

/** Long enough that nobody guesses it: 22 letters of this alphabet are 128 bits. */
export const sessionKeyPattern = /^[A-Za-z0-9_-]{22,200}$/;

/**
 * What the database is told of the session's secret key, where the client sent one: a digest. Whoever reads the database's
 * logs has nothing to send here. What cannot be a key is refused, not overlooked.
 */
export function readSessionKey(headers: Headers): string | undefined {
  const key = headers.get(sessionKeyHeader);
  if (key === null) return undefined;
  if (sessionKeyPattern.test(key)) return createHash("sha256").update(key).digest("base64url");
  throw new AppError("invalid_input", `Cannot take '${sessionKeyHeader}' as a session's key`, {
    details: {
      issues: [{
        path: sessionKeyHeader,
        code: "invalid_format",
        message: "A session's key is 22 to 200 letters, digits, hyphens or underscores, and secret",
      }],
    },
  });
}

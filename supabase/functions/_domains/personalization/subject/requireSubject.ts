import { AppError } from "../../../_shared/errors/appError.ts";
import type { RequestContext } from "../../../_shared/http/context.ts";

/** Throws where it is not known who the shopper is: neither a user, nor a session that has a key. */
export function requireSubject(ctx: Pick<RequestContext, "caller" | "sessionKey">, action: string): void {
  if (ctx.caller.kind === "user" || ctx.sessionKey !== undefined) return;
  throw new AppError(
    "invalid_input",
    `Cannot ${action} as it is not known for whom: sign in, or send 'x-session-key'`,
    {
      details: {
        issues: [{
          path: "x-session-key",
          code: "missing",
          message:
            "Must be sent along by callers who are not signed in: 22 to 200 letters, digits, hyphens or underscores, and secret",
        }],
      },
    },
  );
}

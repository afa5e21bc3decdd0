import { classifySqlState, sqlStateOf } from "../db/sqlState.ts";
import { AppError } from "../errors/appError.ts";
import { breakerOpen } from "../healing/spill/isDown.ts";
import { PolicyRefusal } from "../policies/policyRefusal.ts";
import { TimeLimitError } from "../time/timeLimit.ts";

/** The error a caller is told about, whatever was thrown. Decided by codes; words of a driver are never passed on. */
export function toAppError(error: unknown, request: Request): AppError {
  if (error instanceof AppError) return error;
  if (request.signal.aborted) {
    return new AppError("client_gone", "Cannot answer as the client has left", { cause: error });
  }
  return ofPolicy(error) ?? ofDatabase(error) ??
    new AppError("internal", "Cannot answer the request as something failed on our side", { cause: error });
}

/** What a policy did with a call of a dependency. */
function ofPolicy(cause: unknown): AppError | undefined {
  if (cause instanceof TimeLimitError) {
    return new AppError("deadline_exceeded", "Cannot answer as something the answer depends on took too long", {
      details: { deadlineMs: Math.round(cause.limitMs) },
      cause,
    });
  }
  if (!(cause instanceof PolicyRefusal)) return undefined;
  return new AppError("overloaded", "Cannot answer as something the answer depends on is too busy at the moment", {
    details: { retryAfterMs: cause.retryAfterMs ?? 1_000 },
    cause,
  });
}

function ofDatabase(cause: unknown): AppError | undefined {
  const code = sqlStateOf(cause);
  if (code === undefined) return undefined;
  if (code === breakerOpen || code === "OUTCOME_UNKNOWN") return unavailable(cause);
  const refused = ofRefusal(code, cause);
  if (refused !== undefined) return refused;
  switch (classifySqlState(code)) {
    case "connection_lost":
    case "never_ran":
    case "pooler":
      return unavailable(cause);
    case "retry":
    case "capacity":
      return new AppError("overloaded", "Cannot answer as the database is too busy at the moment", {
        details: { retryAfterMs: 1_000 },
        cause,
      });
    case "conflict":
      return new AppError("conflict", "Cannot make the change as it conflicts with what is there", { cause });
    case "order":
      return new AppError("conflict", "Cannot make the change as something it refers to is not there", { cause });
    case "data":
      return refusedValue(cause);
    case "rights":
      return code === "42501"
        ? new AppError("forbidden", "Cannot do this as the caller has no right to", { cause })
        : new AppError("misconfigured", "Cannot answer as the database does not let the function in", { cause });
  }
  return ofOtherCode(code, cause);
}

/** Codes that mean nothing for healing, but something for a caller. */
function ofOtherCode(code: string, cause: unknown): AppError | undefined {
  if (code === "P0002") return new AppError("not_found", "Cannot find what the request is about", { cause });
  if (/^22[0-9A-Z]{3}$/.test(code)) return refusedValue(cause);
  return undefined; // Drift that nothing healed, and whatever is in no class: a defect of ours.
}

function refusedValue(cause: unknown): AppError {
  return new AppError("invalid_input", "Cannot take the input as the database refuses a value of it", {
    details: { issues: [{ path: "", code: "refused", message: "A value does not fit the database's rules" }] },
    cause,
  });
}

function unavailable(cause: unknown): AppError {
  return new AppError("database_unavailable", "Cannot answer as the database cannot be reached at the moment", {
    details: { retryAfterMs: 2_000 },
    cause,
  });
}

/**
 * A refusal that an SQL function of the suite raised on purpose. Its code is BL and the status; its message was written for
 * callers, and so the one message of the database that is passed on.
 */
function ofRefusal(code: string, cause: unknown): AppError | undefined {
  const message = messageOf(code, cause);
  switch (code) {
    case "BL403":
      return new AppError("forbidden", message, { cause });
    case "BL404":
      return new AppError("not_found", message, { cause });
    case "BL409":
      return new AppError("conflict", message, { cause });
    case "BL429":
      return new AppError("rate_limited", message, {
        details: { retryAfterMs: Math.max(1, Number(detailOf(code, cause)) || 1_000) },
        cause,
      });
    case "BL422":
      return new AppError("invalid_input", message, {
        details: { issues: [{ path: detailOf(code, cause), code: "refused", message }] },
        cause,
      });
  }
  return undefined;
}

function messageOf(code: string, error: unknown): string {
  const { message, cause, code: own } = error as { message?: unknown; cause?: unknown; code?: unknown };
  return own === code || cause === undefined ? String(message) : messageOf(code, cause);
}

/** The field that is meant: what the function said in `detail`. */
function detailOf(code: string, error: unknown): string {
  const { detail, details, cause, code: own } = error as Record<"detail" | "details" | "cause" | "code", unknown>;
  if (own !== code && cause !== undefined) return detailOf(code, cause);
  return typeof detail === "string" ? detail : typeof details === "string" ? details : "";
}

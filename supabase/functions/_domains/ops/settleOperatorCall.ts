import { AppError } from "../../_shared/errors/appError.ts";
import type { DbResult } from "../../_shared/healing/client/resilientDb.ts";

/** What an operator's call gave; throws what it was refused with. A refusal's words are ours: they name ids and columns. */
export function settleOperatorCall<Data>({ data, error }: DbResult<Data>): Data {
  if (error === null) return data;
  switch (error.code) {
    case "NOT_FOUND":
      throw new AppError("not_found", error.message);
    case "UNDONE_ALREADY":
    case "NOTHING_TO_UNDO":
    case "CANNOT_UNDO":
    case "PATTERN_EXPIRED":
    case "PATTERN_CHANGED":
      throw new AppError("conflict", error.message);
    case "INVALID_CALL":
      throw new AppError("invalid_input", error.message, {
        details: { issues: [{ path: "", code: "custom", message: error.message }] },
      });
    default:
      // The database's own error, which the answer is worked out from by its code.
      throw error.cause ?? error;
  }
}

import type { DbFailure } from "../../connect/dbFailure.ts";
import { classifySqlState, sqlStateOf } from "../../db/sqlState.ts";

/** The code of calls that are not made as the database is known to be down. */
export const breakerOpen = "BREAKER_OPEN";

/** The failure of a call that is not made. */
export const knownToBeDown: DbFailure = {
  code: breakerOpen,
  kind: "never_ran",
  message: "Cannot reach the database: it is known to be down",
  isOutcomeUnknown: false,
  cause: undefined,
};

/** Of a full disk and a full memory, and of a commit whose connection went and whose fate nobody could tell. */
const otherCodes: readonly (string | undefined)[] = [breakerOpen, "53100", "53200", "OUTCOME_UNKNOWN"];

/** Does an error tell that the database itself was not there, or could not go on? */
export function isDown(error: unknown): boolean {
  const code = sqlStateOf(error);
  const kind = classifySqlState(code);
  return kind === "never_ran" || kind === "connection_lost" || otherCodes.includes(code);
}

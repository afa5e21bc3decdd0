import type { SqlStateClass } from "../db/sqlState.ts";

/** Why a statement did not succeed, in the error's own fields; what heals reads these, never the message. */
export interface DbFailure {
  /** The SQLSTATE, PGRST or driver code. */
  readonly code: string;
  readonly kind: SqlStateClass;
  /** For people and logs. */
  readonly message: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
  readonly dataType?: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Can the statement have had an effect all the same? True where a connection was lost after it was sent. */
  readonly isOutcomeUnknown: boolean;
  readonly cause: unknown;
}

/** What a failed statement means for whoever sent it. */
export type SqlStateClass =
  | "retry"
  | "connection_lost"
  | "never_ran"
  | "capacity"
  | "pooler"
  | "drift"
  | "data"
  | "conflict"
  | "order"
  | "rights"
  | "other";

/** What may be done about a class of failures; facts, which the callers turn into behaviour. */
export interface SqlStatePolicy {
  /** What became of the statement: it left no trace, or nobody knows yet. */
  readonly outcome: "no_effect" | "unknown";
  /**
   * What may be sent again: the whole transaction, the statement on a fresh connection, the statement once its outcome
   * is settled, the statement after its parent landed, or nothing.
   */
  readonly again: "transaction" | "fresh_statement" | "once_settled" | "once_parent_is_there" | "never";
  /** Tries altogether, the first one included. */
  readonly maxAttempts: number;
  /** May the payload be healed: mapped to a changed schema, or repaired without loss? */
  readonly mayHeal: boolean;
  /** Does the failure tell of the database's health, so that a circuit breaker counts it? */
  readonly countsForBreaker: boolean;
}

/** The policy of each class. */
export const sqlStatePolicies: Readonly<Record<SqlStateClass, SqlStatePolicy>> = {
  retry: policy("no_effect", "transaction", 5),
  connection_lost: { ...policy("unknown", "once_settled", 5), countsForBreaker: true },
  never_ran: { ...policy("no_effect", "transaction", 5), countsForBreaker: true },
  capacity: { ...policy("no_effect", "never", 1), countsForBreaker: true },
  // Each connection of a pool has plans of its own that can be out of date.
  pooler: policy("no_effect", "fresh_statement", 5),
  drift: { ...policy("no_effect", "never", 1), mayHeal: true },
  data: { ...policy("no_effect", "never", 1), mayHeal: true },
  conflict: policy("no_effect", "never", 1),
  order: policy("no_effect", "once_parent_is_there", 3),
  rights: policy("no_effect", "never", 1),
  other: policy("no_effect", "never", 1),
};

function policy(
  outcome: SqlStatePolicy["outcome"],
  again: SqlStatePolicy["again"],
  maxAttempts: number,
): SqlStatePolicy {
  return { outcome, again, maxAttempts, mayHeal: false, countsForBreaker: false };
}

/** The codes of each class: SQLSTATEs, PostgREST's codes, and those of postgres.js and the sockets under it. */
export const sqlStateCodes: Readonly<Record<Exclude<SqlStateClass, "other">, readonly string[]>> = {
  retry: ["40001", "40P01", "55P03"],
  connection_lost: [
    ...["08000", "08003", "08006", "08007", "57P01", "57P02"],
    // What poolers answer when they drop a client, and the server's own time limits: the session is gone.
    ...["08P01", "25P03", "25P04", "57P05"],
    ...["CONNECTION_CLOSED", "CONNECTION_DESTROYED", "ECONNRESET", "ECONNABORTED", "EPIPE", "ETIMEDOUT"],
  ],
  never_ran: [
    ...["08001", "08004", "57P03", "53300"],
    ...["PGRST000", "PGRST001", "PGRST002", "PGRST003"],
    ...["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "CONNECT_TIMEOUT", "CONNECTION_ENDED"],
  ],
  // 25006 follows 53100: a full disk makes the project read-only.
  capacity: ["53100", "53200", "57014", "25006", "MAX_PARAMETERS_EXCEEDED"],
  // 0A000 is "cached plan must not change result type"; for what is truly not supported one fresh try does no harm.
  pooler: ["26000", "42P05", "0A000"],
  drift: [
    ...["42703", "42P01", "42883", "42704", "3F000", "42P10", "42804", "428C9"],
    ...["PGRST202", "PGRST204", "PGRST205"],
  ],
  data: ["22P02", "22001", "22003", "22007", "22008", "22021", "22P05", "23502", "23514", "21000"],
  conflict: ["23505", "23P01"],
  order: ["23503"],
  rights: ["42501", "28000", "28P01", "3D000", "SASL_SIGNATURE_MISMATCH"],
};

const classOfCode: ReadonlyMap<string, SqlStateClass> = new Map(
  Object.entries(sqlStateCodes).flatMap(([name, codes]) => codes.map((code) => [code, name as SqlStateClass] as const)),
);

/** The class of an error code; what is not in the table is `other`, and never healed. */
export function classifySqlState(code: string | undefined): SqlStateClass {
  if (code === undefined) return "other";
  // The whole of class 54: a limit of the program (too many columns, too complex) was reached.
  return classOfCode.get(code) ?? (/^54[0-9A-Z]{3}$/.test(code) ? "capacity" : "other");
}

/** Is the code one of the server's, not of a driver, a gateway or ourselves? */
export function isSqlState(code: string): boolean {
  return /^[0-9A-Z]{5}$/.test(code) && code !== "EPIPE";
}

/** The code that an error of a driver carries: its own, or that of the error it wraps. */
export function sqlStateOf(error: unknown): string | undefined {
  for (let at = error, depth = 0; depth < 8 && typeof at === "object" && at !== null; depth++) {
    const { code, cause } = at as { code?: unknown; cause?: unknown };
    if (typeof code === "string") return code;
    at = cause;
  }
  return undefined;
}

/** Did the server say so? Else the connection broke, or the statement never got onto it. */
export function isServerError(error: unknown): boolean {
  return error instanceof Error && "severity" in error;
}

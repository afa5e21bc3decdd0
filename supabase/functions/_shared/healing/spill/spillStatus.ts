/** How much is kept in memory while the database is down. */
export interface SpillLimits {
  /** @default 1_000 */
  mostWrites?: number;
  /** Of exact JSON. @default 4_194_304 */
  mostBytes?: number;
}

/** What became of spilled writes so far. */
export interface SpillStatus {
  readonly waiting: number;
  readonly bytes: number;
  /** Handed to the database: they have landed, or stand among the dead letters. */
  readonly sent: number;
  /** Refused by the database and not kept there, or given up when the database was closed. */
  readonly lost: number;
}

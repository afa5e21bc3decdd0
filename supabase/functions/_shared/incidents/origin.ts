/** What an incident can begin with that nobody has told as an event of its own. */
export type OriginKind =
  /** Something that is called was down. */
  | "dependency"
  /** One isolate was ill, not what it called. */
  | "isolate"
  /** Transactions got in each other's way. */
  | "contention"
  /** The database was away, full or had no connection left. */
  | "database"
  /** More was asked for than a limit of ours lets through. */
  | "limit"
  /** Callers sent what the schema, as far as it is known, never took. */
  | "payload"
  /** It is named as a cause, but what it was is not recorded. */
  | "unrecorded"
  | "unknown";

/** The beginning of an incident that was inferred, or that is unknown. */
export interface Origin {
  readonly kind: OriginKind;
  /** Tells it from every other one. */
  readonly key: string;
  readonly subject: string;
  /** What it was inferred from, in words; why nothing more is known, where it is unknown. */
  readonly evidence: string;
}

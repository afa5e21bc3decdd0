/** What was dropped since, as the store tells it. */
export interface TagLook {
  /** Postgres's snapshot, under which it was read. */
  readonly snapshot: string;
  /** Tags and the transactions that dropped them last, the latest transaction first; no more than were asked for. */
  readonly drops: readonly (readonly [tag: string, xid: string])[];
}

/** What isolates tell each other of tags that were dropped. */
export interface TagStore {
  /** What transactions from `since` on have dropped; undefined: what there is. */
  read(since: string | undefined, limit: number): Promise<TagLook>;
  /** Drops tags in a transaction of its own, and gives its id. */
  drop(tags: readonly string[]): Promise<string>;
}

/** What the past says of one key in one table: however often it was healed, it counts once. */
export interface HealVote {
  /** `schema.name`. */
  readonly table: string;
  readonly key: string;
  readonly column: string;
  /** It landed and stands; else it was taken back, or a person said no. */
  readonly isRight: boolean;
  /** An advisor had to be asked. */
  readonly isAdvised: boolean;
  /** Who sent it first, if that was not the service itself. */
  readonly writer?: string;
  /** Ids of heals, or of patterns. */
  readonly sources: readonly string[];
}

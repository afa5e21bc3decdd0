/** What is known of a shopper and one trait. */
export interface TraitTaste {
  /** Between -1 and 1: the long-term score and that of the visit, as one. */
  readonly score: number;
  readonly longTerm: number;
  readonly session: number;
  /** Between 0 and 1: how much evidence there is, for or against. */
  readonly confidence: number;
  readonly events: number;
}

/** What is known of a shopper, by trait. Empty for nobody, and for those who opted out. */
export type TasteProfile = ReadonlyMap<string, TraitTaste>;

/** A row of `personalization.read_profile`. */
export interface TasteRow {
  readonly trait: string;
  readonly score: number;
  readonly long_term: number;
  readonly session: number;
  readonly confidence: number;
  readonly events: number;
}

/** The profile in rows of `personalization.read_profile`. */
export function toTasteProfile(rows: readonly TasteRow[]): TasteProfile {
  return new Map(
    rows.map(({ trait, score, long_term: longTerm, session, confidence, events }) => [
      trait,
      { score, longTerm, session, confidence, events },
    ]),
  );
}

/** A question as the fleet knows it. */
export interface ClaimedQuestion {
  readonly tableOid: number;
  /** SHA-256 of the payload's keys, in hex. */
  readonly keyShape: string;
  readonly schemaHash: string;
}

/** Sees to it that a question is asked once, whoever asks. */
export interface QuestionClaims {
  /** True for exactly one caller in the whole fleet: the one who may ask. */
  claim(question: ClaimedQuestion): Promise<boolean>;
}

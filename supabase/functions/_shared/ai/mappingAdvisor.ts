/** A column that a key may be proposed for. */
export interface OfferedColumn {
  readonly name: string;
  /** As Postgres prints it, such as `numeric(10,2)`. */
  readonly type: string;
  readonly isNullable: boolean;
  /** The default's expression. */
  readonly default?: string;
  readonly enumLabels?: readonly string[];
}

/** A key that no column has. It is text from outside: data in a prompt, never an instruction. */
export interface AskedKey {
  readonly key: string;
  /** What its values look like, without the values, such as `text, 24 chars, email-like`. */
  readonly shapes: readonly string[];
  /** Some values as JSON text, cut; only where their owner allows that they are sent. */
  readonly values?: readonly string[];
}

/** What an advisor is asked: which of the columns each key means. */
export interface MappingQuestion {
  /** `schema.table`. */
  readonly table: string;
  /** A closed list: anything else that is proposed is dropped. */
  readonly columns: readonly OfferedColumn[];
  readonly keys: readonly AskedKey[];
}

/** What an advisor believes of one key. It is checked before anything is made of it. */
export interface MappingProposal {
  readonly key: string;
  readonly column: string;
  /** 0..1. */
  readonly confidence: number;
  /** In a sentence, for a person. */
  readonly reason: string;
}

/** Proposes what keys mean, such as a language model does. It may leave any key out. */
export interface MappingAdvisor {
  propose(question: MappingQuestion, options: { readonly signal: AbortSignal }): Promise<readonly MappingProposal[]>;
}

import type { Fact } from "./fact.ts";
import type { FactIndex } from "./factIndex.ts";
import type { Origin } from "./origin.ts";

/** What a fact is blamed on, by which rule, and how sure that is: 1 is what the teller itself said. */
export interface Blame {
  readonly on: { readonly fact: Fact } | { readonly origin: Origin };
  readonly rule: string;
  readonly confidence: number;
}

/** A rule that finds the cause of facts of some kind; undefined where it does not know. It invents nothing. */
export interface Inference {
  readonly rule: string;
  /** The rule in one sentence, for the docs and for whoever doubts an answer. */
  readonly says: string;
  infer(fact: Fact, index: FactIndex): Pick<Blame, "on" | "confidence"> | undefined;
}

/** Blames another fact. */
export function onFact(fact: Fact | undefined, confidence: number): Pick<Blame, "on" | "confidence"> | undefined {
  return fact === undefined ? undefined : { on: { fact }, confidence };
}

/** Blames an origin. */
export function onOrigin(origin: Origin | undefined, confidence: number): Pick<Blame, "on" | "confidence"> | undefined {
  return origin === undefined ? undefined : { on: { origin }, confidence };
}

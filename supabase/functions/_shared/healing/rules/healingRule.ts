import type { OutcomeCounts } from "../patterns/betaPosterior.ts";

/**
 * What a rule does to the words of a key.
 * - `word`: a word, or two, stands for others: `kd` for `customer`.
 * - `prefix`, `suffix`: words at one end are dropped (`fld_total`), or are missing and added.
 * - `order`: the words are the column's in another order.
 * - `key`: a whole key means a whole name, whatever its words say.
 */
export type RuleKind = "word" | "prefix" | "suffix" | "order" | "key";

/** What a rule says, apart from how well it is proven. Words are joined by a space. */
export interface RuleShape {
  readonly kind: RuleKind;
  /** Empty where words are added, and for an order. */
  readonly from: string;
  /** Empty where words are dropped, and for an order. */
  readonly to: string;
  /** The one table it holds for, as `schema.name`. @default all */
  readonly table?: string;
}

/**
 * How far a rule is trusted.
 * - `candidate`: found in the past. It answers once its knob is on, and not before.
 * - `demoted`: refuted. It is silent whatever its knob says, and needs the full proof to come back.
 * - `retired`: not wanted any longer, or said by a more general rule.
 */
export type RuleState = "candidate" | "demoted" | "retired";

/** What the past says of a rule. */
export interface RuleProof {
  /** Different keys of tables that it explains, as far as they count: see `countVotes.ts`. */
  readonly support: number;
  /** Different keys of tables that it would have got wrong. */
  readonly contradictions: number;
  readonly tables: number;
  readonly keys: number;
  /** The share it gets right is above this with a probability of 95 %. */
  readonly lowerBound: number;
  /** Some of the heals or patterns it was found in. */
  readonly sources: readonly string[];
}

/** A rule that was found, with what speaks for it. */
export interface MinedRule extends RuleShape {
  readonly id: string;
  readonly proof: RuleProof;
}

/** A rule as it is kept. */
export interface HealingRule extends MinedRule {
  readonly state: RuleState;
  /** Heals of its own that have landed, and that were taken back or refused. */
  readonly outcomes: OutcomeCounts;
}

/** The same for the same rule, wherever and whenever it is found. */
export async function ruleIdOf({ kind, from, to, table = "" }: RuleShape): Promise<string> {
  const text = JSON.stringify([kind, from, to, table]);
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hex = Array.from(new Uint8Array(digest).subarray(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${kind}_${hex}`;
}

/** A rule in words, for people: `"kd" stands for "customer"`. */
export function describeRule({ kind, from, to, table }: RuleShape): string {
  const where = table === undefined ? "" : ` in ${table}`;
  if (kind === "order") return `the words of a name may stand in another order${where}`;
  if (kind === "word") return `"${from}" stands for "${to}"${where}`;
  if (kind === "key") return `the key "${from}" means "${to}"${where}`;
  const end = kind === "prefix" ? "in front" : "at the end";
  return from === "" ? `"${to}" is missing ${end}${where}` : `"${from}" ${end} says nothing${where}`;
}

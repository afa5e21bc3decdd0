import type { KernelEventKind } from "../telemetry/kernelEvent.ts";

/** What a fact can be: what isolates tell, and what only the ledgers know. */
export type FactKind =
  | KernelEventKind
  /** A circuit was probed, or let a larger share through. */
  | "way_back"
  /** A person decided over a circuit. */
  | "override"
  /** A write that had been given up, or a field that had been set aside, landed after all, or was discarded. */
  | "replay"
  /** A heal was taken back. */
  | "undo"
  /** A scheduled job failed, or its runner was not heard of again. */
  | "job_failure"
  /** A model was asked. */
  | "ai_call"
  /** An isolate said of its own word that it does not count. */
  | "doubt";

/** Short plain values, none of a payload. */
export type FactDetail = Readonly<Record<string, string | number | boolean>>;

/** Something that happened, once or, where there was too much of the same, several times. */
export interface Fact {
  readonly id: string;
  readonly kind: FactKind;
  /** When it happened first. */
  readonly atMs: number;
  /** When it happened last. */
  readonly untilMs: number;
  readonly subject: string;
  /** Under which reference others name it as their cause. */
  readonly ref?: string;
  /** What its teller blamed it on. */
  readonly cause?: string;
  /** Some of the requests it happened in. */
  readonly requests: readonly string[];
  /** In how many it happened. */
  readonly requestCount: number;
  readonly isolate?: string;
  readonly functionName?: string;
  readonly occurrences: number;
  /** The time that it cost whoever waited, altogether. */
  readonly costMs: number;
  readonly detail: FactDetail;
  /** It was not asked for, and is there to explain what was. @default false */
  readonly isContext?: boolean;
}

/**
 * Isolates have clocks of their own, and a change of the schema is seen a little after it was made: a cause may seem to be
 * later than its effect by this much, and never by more.
 */
export const clockSkewMs = 2_000;

/** Can `cause` have been there before `effect`? */
export function precedes(cause: Pick<Fact, "atMs">, effect: Pick<Fact, "untilMs">): boolean {
  return cause.atMs <= effect.untilMs + clockSkewMs;
}

/** The one order in which facts are looked at, so that it does not matter in which they were found. */
export function compareFacts(one: Fact, other: Fact): number {
  return one.atMs - other.atMs || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0);
}

/** The code that a fact was blamed on, where that was all its teller knew: `40P01` of `sqlstate:40P01`. */
export function codeOf({ cause }: Pick<Fact, "cause">): string | undefined {
  return /^(?:sqlstate|error):(.+)$/.exec(cause ?? "")?.[1];
}

/** Is it what a ledger keeps, not what an isolate told in passing? */
export function isLedgers({ id }: Pick<Fact, "id">): boolean {
  return !id.startsWith("event:");
}

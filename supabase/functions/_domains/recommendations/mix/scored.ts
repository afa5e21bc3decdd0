import type { MomentTaste } from "../../personalization/ports.ts";
import type { Candidate, Found } from "../gather/candidate.ts";

/** What a product's traits say of a shopper's taste. */
export interface Taste {
  /** -1 to 1. */
  readonly score: number;
  readonly reasons: readonly { readonly trait: string; readonly share: number }[];
}

/** A candidate and what it is worth. */
export interface Scored {
  readonly candidate: Candidate;
  /** 0 to 1. */
  readonly score: number;
  /** The way of finding it that counted most. */
  readonly lead: Found;
  readonly taste: Taste;
  /** What the moment makes of its category. */
  readonly moment?: MomentTaste | undefined;
}

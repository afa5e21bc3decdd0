import type { Problem } from "./problem.ts";

/** What a checker found. */
export interface Findings {
  readonly problems: readonly Problem[];
  /** Figures worth seeing even where nothing is wrong. */
  readonly report?: string;
}

/** A checker as the command line and the test run see it. */
export interface Checker {
  readonly name: string;
  /** Is it too slow for every commit? @default false */
  readonly isSlow?: boolean;
  /** Checks the checkout at `root`. */
  checkRoot(root: string): Promise<Findings>;
}

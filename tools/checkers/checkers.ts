import type { Problem } from "./problem.ts";

/** A checker as the test run sees it. */
export interface Checker {
  readonly name: string;
  /** Is it quick enough for every commit? */
  readonly isQuick: boolean;
  /** Checks the checkout at `root`. */
  checkRoot(root: string): Promise<{ problems: readonly Problem[]; report?: string }>;
}

/** All checkers, in the order they run. */
export const checkers: readonly Checker[] = [];

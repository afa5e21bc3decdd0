/** Something a checker holds against the tree. */
export interface Problem {
  /** The file or folder at fault, relative to the checkout. */
  readonly path: string;
  /** What is wrong, and what would be right. */
  readonly message: string;
}

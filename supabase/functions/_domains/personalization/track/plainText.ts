import * as z from "zod";

/** Text that Postgres can keep. */
export const plainText = (longest: number) =>
  z.string().min(1).max(longest).refine(
    (text) => !text.includes("\0"),
    "Must not contain the character NUL, which the database cannot keep",
  );

import * as z from "zod";

/** A prompt's name. */
export const promptName = z.string().max(64).regex(
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  "Must be lower-case words joined by hyphens, such as summarize-text",
);

const count = z.number().int().nonnegative();

/** An answer and what it came to. */
export const completion = z.object({
  text: z.string(),
  /** Where the answer comes from. */
  source: z.enum(["model", "cache", "offline-rules", "fallback"]),
  prompt: z.object({ name: z.string(), version: z.number() }),
  /** `null` where no model was asked. */
  model: z.string().nullable(),
  stop: z.enum(["end", "length", "tools", "refusal"]),
  usage: z.object({ inputTokens: count, outputTokens: count, cacheReadTokens: count, cacheWriteTokens: count }),
  /** In millionths of a dollar. */
  costMicroUsd: count,
  /** Nobody told what it used: it is booked as the most that it can have been. */
  isEstimated: z.boolean(),
});

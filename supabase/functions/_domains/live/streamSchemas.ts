import * as z from "zod";
import { momentFields } from "../personalization/ports.ts";

/** What a client asks of the stream. */
export const StreamInput = z.strictObject({
  mode: z.enum(["stream", "poll", "realtime"]).default("stream").describe(
    "stream: server-sent events; poll: what came after 'since', as JSON; realtime: the topic to join where the project has Realtime",
  ),
  since: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).optional().describe(
    "The version the last answer has told; a stream takes it from Last-Event-ID",
  ),
  limit: z.coerce.number().int().min(1).max(50).default(12),
  /** What moment it is, as for recommendations. */
  ...momentFields,
});

/** The answer where it is no stream. */
export const StreamOutput = z.object({
  state: z.enum(["open", "opted_out", "session_is_over"]),
  /** What to send as `since` next time. */
  profileVersion: z.number().int(),
  hasChanged: z.boolean(),
  /** What the versions in between have learned from. */
  productIds: z.array(z.string()),
  /** Traits of these products: what may have moved. */
  traits: z.array(z.string()),
  /** Present where something has changed, or nothing was asked for before. */
  recommendations: z.unknown().optional(),
  /** Where Realtime broadcasts what changes, for a user. */
  topic: z.string().optional(),
});

/** What a client asks of the stream. */
export type StreamInput = z.output<typeof StreamInput>;

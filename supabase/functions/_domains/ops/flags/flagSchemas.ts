import * as z from "zod";

const storable = (text: string) => !text.includes("\0");

/** Text that Postgres can keep. */
export const text = (longest: number) =>
  z.string().max(longest).refine(storable, "Must not contain the character NUL, which the database cannot keep");

/** A flag's name. */
export const flagName = z.string().max(64).regex(
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
  "Must be lower-case words joined by hyphens, such as new-checkout",
);

/** A whole number of percent. */
export const percent = z.number().int().min(0).max(100);

/** The id of a visitor, made and kept by the client. */
export const visitorId = text(200).min(1);

/** The version a caller has seen. */
export const seenVersion = z.number().int().min(0).max(2_147_483_647);

/** Why a change is made. */
export const reason = text(500);

const subject = text(250).regex(/^[a-z][a-z-]*:./, "Must name its kind, such as user:<id> or visitor:<id>");

/** Subjects that a flag makes an exception for. */
export const subjects = z.array(subject).max(1_000);

const settings = z.object({
  description: z.string(),
  isEnabled: z.boolean(),
  rolloutPercent: z.number(),
  isPublic: z.boolean(),
  allowedSubjects: z.array(z.string()),
  deniedSubjects: z.array(z.string()),
});

/** A flag in full. */
export const fullFlag = settings.extend({
  name: z.string(),
  version: z.number(),
  createdAt: z.iso.datetime(),
  updatedAt: z.iso.datetime(),
});

/** One entry of a flag's history. */
export const flagChange = z.object({
  name: z.string(),
  version: z.number(),
  changedAt: z.iso.datetime(),
  changedBy: z.string(),
  reason: z.string().nullable(),
  before: settings.nullable(),
  after: settings.nullable(),
});

/** The answer to a change: the flag as it is now, or as it was when it was removed. */
export const ChangedFlagOutput = z.object({ flag: fullFlag });

import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { OpenFlagPorts } from "./flags/flagPorts.ts";
import { flagName, percent, reason, seenVersion, subjects, text } from "./flags/flagSchemas.ts";
import { noteOf, settleChange } from "./flags/settleChange.ts";

/** A flag as it shall be. */
export const PutFlagInput = z.strictObject({
  name: flagName,
  description: text(500).default(""),
  isEnabled: z.boolean(),
  rolloutPercent: percent,
  isPublic: z.boolean().default(false),
  allowedSubjects: subjects.default([]),
  deniedSubjects: subjects.default([]),
  /** The version to replace; 0 creates the flag. */
  version: seenVersion.default(0),
  reason: reason.optional(),
}).superRefine(({ allowedSubjects, deniedSubjects }, issues) => {
  const denied = new Set(deniedSubjects);
  const both = allowedSubjects.find((subject) => denied.has(subject));
  if (both === undefined) return;
  issues.addIssue({ code: "custom", path: ["deniedSubjects"], message: `Must not name '${both}', which is allowed` });
});

/** Creates a flag, or replaces the version the caller has seen. */
export function putFlag(open: OpenFlagPorts) {
  return async (input: z.output<typeof PutFlagInput>, ctx: Pick<RequestContext, "admin" | "caller">) => {
    const { name, version, reason, ...settings } = input;
    const { store, cache } = open(ctx);
    const result = await store.put(name, settings, version, noteOf(ctx.caller, reason));
    return settleChange(version === 0 ? "create" : "replace", name, result, cache);
  };
}

import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { applyFlagPatch } from "./flags/applyFlagPatch.ts";
import type { OpenFlagPorts } from "./flags/flagPorts.ts";
import { flagName, percent, reason, seenVersion } from "./flags/flagSchemas.ts";
import { noteOf, settleChange } from "./flags/settleChange.ts";

/** A change to a flag. */
export const PatchFlagInput = z.strictObject({
  name: flagName,
  isEnabled: z.boolean().optional(),
  rolloutPercent: percent.optional(),
  /** One step up the ladder of 5, 25, 50 and 100 %. Needs `version`, so that two clicks are one step. */
  advance: z.literal(true).optional(),
  /** Off at once and for everyone, whatever the version is. */
  off: z.literal(true).optional(),
  /** The version the caller has seen. @default any */
  version: seenVersion.min(1).optional(),
  reason: reason.optional(),
}).superRefine(({ isEnabled, rolloutPercent, advance, off, version }, issues) => {
  const fail = (path: string[], message: string) => issues.addIssue({ code: "custom", path, message });
  if ([isEnabled, rolloutPercent, advance, off].every((change) => change === undefined)) {
    fail([], "Must change something: isEnabled, rolloutPercent, advance or off");
  }
  if (off !== undefined && [isEnabled, rolloutPercent, advance].some((change) => change !== undefined)) {
    fail(["off"], "Must stand alone: off is off");
  }
  if (advance !== undefined && rolloutPercent !== undefined) fail(["advance"], "Must not come with rolloutPercent");
  if (advance !== undefined && isEnabled === false) fail(["advance"], "Must not come with isEnabled false");
  if (advance !== undefined && version === undefined) fail(["version"], "Must be given to advance");
});

/** Changes a flag's share, turns it on or off, or takes it one step up the ladder. */
export function patchFlag(open: OpenFlagPorts) {
  return async (input: z.output<typeof PatchFlagInput>, ctx: Pick<RequestContext, "admin" | "caller">) => {
    const { name, version, reason, ...patch } = input;
    const { store, cache } = open(ctx);
    // Turning off is for emergencies: it does not lose against a change that came a moment before.
    const expected = patch.off === true ? undefined : version;
    const decide = (flag: Parameters<typeof applyFlagPatch>[0]) => applyFlagPatch(flag, patch);
    const result = await store.change(name, decide, expected, noteOf(ctx.caller, reason));
    return settleChange("change", name, result, cache);
  };
}

import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import type { OpenFlagPorts } from "./flags/flagPorts.ts";
import { flagName, reason } from "./flags/flagSchemas.ts";
import { noteOf, settleChange } from "./flags/settleChange.ts";

/** Which flag goes. */
export const RemoveFlagInput = z.strictObject({
  name: flagName,
  /** The version the caller has seen. @default any */
  version: z.coerce.number().int().min(1).max(2_147_483_647).optional(),
  reason: reason.optional(),
});

/** Removes a flag: it is off for everyone. Its history stays. */
export function removeFlag(open: OpenFlagPorts) {
  return async (input: z.output<typeof RemoveFlagInput>, ctx: Pick<RequestContext, "admin" | "caller">) => {
    const { name, version, reason } = input;
    const { store, cache } = open(ctx);
    return settleChange("remove", name, await store.remove(name, version, noteOf(ctx.caller, reason)), cache);
  };
}

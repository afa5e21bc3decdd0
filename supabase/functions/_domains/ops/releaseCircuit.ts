import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { callerName } from "./callerName.ts";
import type { OpenCircuitPorts } from "./circuits/circuitPorts.ts";
import { circuitName } from "./circuits/circuitSchemas.ts";

/** The query that takes an override back. */
export const ReleaseCircuitInput = z.strictObject({ name: circuitName });

/** Takes an override back: the circuit goes on from where it stands. */
export function releaseCircuit(open: OpenCircuitPorts) {
  return async ({ name }: z.output<typeof ReleaseCircuitInput>, ctx: Pick<RequestContext, "admin" | "caller">) => {
    const note = { changedBy: callerName(ctx.caller), reason: "" };
    return { circuit: await open(ctx).register.override(name, undefined, note) };
  };
}

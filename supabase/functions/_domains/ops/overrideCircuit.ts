import * as z from "zod";
import type { RequestContext } from "../../_shared/http/context.ts";
import { callerName } from "./callerName.ts";
import type { OpenCircuitPorts } from "./circuits/circuitPorts.ts";
import { circuitName } from "./circuits/circuitSchemas.ts";
import { reason } from "./flags/flagSchemas.ts";

/** What a person decides for all isolates. */
export const OverrideCircuitInput = z.strictObject({
  name: circuitName,
  /** `open`: nobody calls. `closed`: everybody calls, whatever fails. */
  to: z.enum(["open", "closed"]),
  /** Shown to whoever meets the circuit. */
  reason: reason.min(1),
});

/** Opens or closes a circuit for all isolates, for as long as it stands; they heed it within a second or two. */
export function overrideCircuit(open: OpenCircuitPorts) {
  return async (
    { name, to, reason }: z.output<typeof OverrideCircuitInput>,
    ctx: Pick<RequestContext, "admin" | "caller">,
  ) => {
    const note = { changedBy: callerName(ctx.caller), reason };
    return { circuit: await open(ctx).register.override(name, to, note) };
  };
}

import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { isWithinBounds } from "../../_shared/optimizer/knobs/knob.ts";
import { callerName } from "./callerName.ts";
import { reason } from "./flags/flagSchemas.ts";
import { knobFor } from "./tuning/knobFor.ts";
import type { OpenTuningPorts } from "./tuning/tuningPorts.ts";
import { fullKnob, knobName, knobValue } from "./tuning/tuningSchemas.ts";
import { viewKnob } from "./tuning/tuningViews.ts";

/** What a person sets. */
export const SetKnobInput = z.strictObject({
  name: knobName,
  /** Null: back to the default. */
  value: knobValue.nullable(),
  reason: reason.min(1),
});

/** The answer to a change of a knob: as it is now. */
export const ChangedKnobOutput = z.object({ knob: fullKnob });

/** Sets a knob within its bounds, for all isolates within a second or two; what is on trial on it ends. */
export function setKnob(open: OpenTuningPorts) {
  return async (
    { name, value, reason }: z.output<typeof SetKnobInput>,
    ctx: Pick<RequestContext, "admin" | "caller">,
  ) => {
    const { register } = open(ctx);
    const knob = await knobFor(register, name, "set");
    const isFit = value === null || isWithinBounds(knob, value);
    if (!isFit || !await register.set(knob, value ?? undefined, { by: callerName(ctx.caller), reason })) {
      throw new AppError("conflict", `Cannot set the knob '${name}' as its bounds do not allow the value`);
    }
    const [stored] = await register.knobs(name);
    return { knob: viewKnob(knob, stored) };
  };
}

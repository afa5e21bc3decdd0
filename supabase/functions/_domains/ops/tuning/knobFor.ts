import { AppError } from "../../../_shared/errors/appError.ts";
import type { Knob } from "../../../_shared/optimizer/knobs/knob.ts";
import { findKnob } from "../../../_shared/optimizer/knobs/knownKnobs.ts";
import type { KnobRegister } from "../../../_shared/optimizer/operator/knobRegister.ts";

/** The knob of that name, as the code defines it or its row does; throws where neither knows it. The row itself keeps its bounds. */
export async function knobFor(register: Pick<KnobRegister, "knobs">, name: string, action: string): Promise<Knob> {
  const [stored] = await register.knobs(name);
  const knob = findKnob(name) ?? stored?.knob;
  if (knob === undefined) throw new AppError("not_found", `Cannot ${action} the knob as none is named '${name}'`);
  // Whatever the row has for a default, such as a rule's estimate of what the code sets, stays.
  return stored?.knob === undefined ? knob : { ...knob, defaultValue: stored.knob.defaultValue } as Knob;
}

import { isWithinBounds, type Knob, type KnobValue, type NumberKnob } from "../knobs/knob.ts";

/**
 * The value that the knob may take in one step on the way to the wanted one: no further than a step, within the bounds,
 * whole where it must be. Undefined where that changes nothing, or where the wanted value is none.
 */
export function boundedStep(knob: Knob, before: KnobValue, wanted: KnobValue): KnobValue | undefined {
  if (knob.kind === "choice" || knob.kind === "switch") {
    return isWithinBounds(knob, wanted) && wanted !== before ? wanted : undefined;
  }
  if (typeof wanted !== "number" || typeof before !== "number" || !Number.isFinite(before) || Number.isNaN(wanted)) {
    return undefined;
  }
  if (!(knob.lowest <= knob.highest)) return undefined;
  const from = clamp(before, knob.lowest, knob.highest);
  const { lowest, highest } = reach(knob, from);
  let value = clamp(wanted, lowest, highest);
  if (knob.kind === "integer") {
    value = Math.round(value);
    // A factor may be too small for a whole step of a small number.
    if (value === from && wanted !== from) value += Math.sign(wanted - from);
    value = clamp(value, Math.ceil(knob.lowest), Math.floor(knob.highest));
  } else {
    // Six digits read better, where they do not lead further than a step.
    const brief = Number(value.toPrecision(6));
    value = clamp(brief >= lowest && brief <= highest ? brief : value, knob.lowest, knob.highest);
  }
  return isWithinBounds(knob, value) && value !== before ? value : undefined;
}

/** `up`, `down`, or `to:<value>` where there is no order. */
export function directionOf(before: KnobValue, after: KnobValue): string {
  if (typeof before === "number" && typeof after === "number") return after > before ? "up" : "down";
  return `to:${String(after)}`;
}

function reach({ step, lowest, highest }: NumberKnob, from: number): { lowest: number; highest: number } {
  if ("amount" in step) return { lowest: from - step.amount, highest: from + step.amount };
  // A factor leads nowhere from zero: a hundredth of the way is a step then.
  if (from <= 0) return { lowest: from - (highest - lowest) / 100, highest: from + (highest - lowest) / 100 };
  return { lowest: from / step.factor, highest: from * step.factor };
}

function clamp(value: number, lowest: number, highest: number): number {
  return Math.min(highest, Math.max(lowest, value));
}

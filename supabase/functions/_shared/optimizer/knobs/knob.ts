/** What a knob may hold. */
export type KnobValue = number | boolean | string;

/** How far one step of tuning goes: by a factor (timeouts, intervals), or by an amount (thresholds). */
export type KnobStep = { readonly factor: number } | { readonly amount: number };

/** What all knobs have. */
interface KnobBase<Value extends KnobValue> {
  /** Dotted: `<area>.<name>`, as its row is named. */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  readonly defaultValue: Value;
}

/** A number within bounds. */
export interface NumberKnob extends KnobBase<number> {
  readonly kind: "number" | "integer";
  readonly lowest: number;
  readonly highest: number;
  readonly step: KnobStep;
}

/** One of a few words. */
export interface ChoiceKnob extends KnobBase<string> {
  readonly kind: "choice";
  readonly choices: readonly [string, ...string[]];
}

/** On or off. */
export interface SwitchKnob extends KnobBase<boolean> {
  readonly kind: "switch";
}

/** A setting that operators and the optimizer turn while the code runs. */
export type Knob = NumberKnob | ChoiceKnob | SwitchKnob;

/** What a given knob holds. */
export type ValueOf<One extends Knob> = One["defaultValue"];

/** Does the knob allow this value? */
export function isWithinBounds(knob: Knob, value: unknown): boolean {
  switch (knob.kind) {
    case "number":
    case "integer":
      return typeof value === "number" && value >= knob.lowest && value <= knob.highest &&
        (knob.kind === "number" || Number.isInteger(value));
    case "choice":
      return typeof value === "string" && knob.choices.includes(value);
    case "switch":
      return typeof value === "boolean";
  }
}

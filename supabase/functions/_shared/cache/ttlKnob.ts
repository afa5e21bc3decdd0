import type { NumberKnob } from "../optimizer/knobs/knob.ts";
import { checkNumber } from "../policies/checkOption.ts";

/** Within what the time of a cache may be tuned. */
export interface TtlBounds {
  /** In milliseconds, as all of them. */
  readonly default: number;
  readonly lowest: number;
  readonly highest: number;
}

/** The knob `cache.<name>.ttl_ms`: for how long what is cached counts as new. */
export function ttlKnob(name: string, { default: defaultValue, lowest, highest }: TtlBounds): NumberKnob {
  const action = `make the knob "cache.${name}.ttl_ms"`;
  checkNumber(action, { lowest }, 1);
  checkNumber(action, { default: defaultValue }, lowest);
  checkNumber(action, { highest }, defaultValue);
  return {
    kind: "integer",
    name: `cache.${name}.ttl_ms`,
    summary: `How long an entry of the cache "${name}" counts as new, in milliseconds`,
    defaultValue,
    lowest,
    highest,
    step: { factor: 1.5 },
  };
}

import { valueKinds } from "./valueKind.ts";
import type { SketchOverlap } from "./sketchIndex.ts";
import type { ValueProfile } from "./valueProfile.ts";

/** How two columns' values compare, each figure in 0..1; all are 0 where either side shows no values. */
export const valueFeatures = [
  "valuesComparable",
  "kinds",
  "characters",
  "marks",
  "length",
  "spread",
  "patterns",
  "wholes",
  "words",
  "numbers",
  "isNumericPair",
  "distinct",
] as const;

const akin: readonly (readonly [string, number])[] = [
  ["integer decimal", 0.6],
  ["integer money", 0.4],
  ["decimal money", 0.5],
  ["integer measure", 0.4],
  ["decimal measure", 0.45],
  ["decimal percent", 0.5],
  ["integer percent", 0.4],
  ["money measure", 0.4],
  ["percent measure", 0.3],
  ["ratio measure", 0.3],
  ["ratio integer", 0.2],
  ["ratio decimal", 0.3],
  ["ratio money", 0.2],
  ["integer code", 0.3],
  ["integer phone", 0.2],
  ["date datetime", 0.85],
  ["datetime time", 0.4],
  ["date ratio", 0.2],
  ["url image", 0.6],
  ["code word", 0.35],
  ["code measure", 0.2],
  ["code phrase", 0.2],
  ["code uuid", 0.4],
  ["boolean word", 0.2],
  ["word phrase", 0.55],
  ["phrase sentence", 0.5],
  ["word sentence", 0.15],
  ["sentence paragraph", 0.6],
  ["phrase paragraph", 0.15],
  ["structure sentence", 0.2],
  ["structure phrase", 0.2],
];

const kernel = makeKernel();

function makeKernel(): Float64Array[] {
  const rows = valueKinds.map((_, index) => {
    const row = new Float64Array(valueKinds.length);
    row[index] = 1;
    return row;
  });
  for (const [pair, value] of akin) {
    const [a, b] = pair.split(" ").map((kind) => (valueKinds as readonly string[]).indexOf(kind)) as [number, number];
    rows[a]![b] = rows[b]![a] = value;
  }
  return rows;
}

/** Spreads a column's kinds over the kinds akin to them, scaled so that a column compares to itself as 1. */
export function spreadKinds(kinds: Float64Array): { readonly spread: Float64Array; readonly norm: number } {
  const spread = new Float64Array(kernel.length);
  for (let at = 0; at < spread.length; at++) {
    if (kinds[at]! > 0) {
      for (let other = 0; other < spread.length; other++) spread[other]! += kinds[at]! * kernel[at]![other]!;
    }
  }
  return { spread, norm: Math.sqrt(dot(spread, kinds)) };
}

/** A value profile with what comparing needs worked out. */
export interface ComparableValues {
  readonly profile: ValueProfile;
  readonly spread: Float64Array;
  readonly norm: number;
}

/** Prepares a profile for many comparisons. */
export function toComparable(profile: ValueProfile): ComparableValues {
  return { profile, ...spreadKinds(profile.kinds) };
}

/** Compares two columns by their values and writes `valueFeatures` to `out` from `offset` on. */
export function compareValues(
  left: ComparableValues,
  right: ComparableValues,
  overlap: SketchOverlap,
  source: number,
  out: Float64Array,
  offset: number,
): void {
  const a = left.profile;
  const b = right.profile;
  if (a.count === 0 || b.count === 0) return;
  const isNumericPair = Math.min(a.numericFraction, b.numericFraction) > 0.6;
  out[offset] = 1;
  out[offset + 1] = dot(left.spread, b.kinds) / (left.norm * right.norm);
  out[offset + 2] = 1 - distance(a.characters, b.characters) / 2;
  out[offset + 3] = 1 - distance(a.marks, b.marks) / Math.max(1, a.totalMarks + b.totalMarks);
  out[offset + 4] = Math.exp(-Math.abs(a.meanLogLength - b.meanLogLength));
  out[offset + 5] = Math.exp(-2 * Math.abs(a.spreadLogLength - b.spreadLogLength));
  out[offset + 6] = overlap.patterns[source]!;
  out[offset + 7] = overlap.wholes[source]!;
  out[offset + 8] = overlap.words[source]!;
  out[offset + 9] = isNumericPair ? Math.exp(-distance(a.quantiles, b.quantiles) / 5) : 0;
  out[offset + 10] = isNumericPair ? 1 : 0;
  out[offset + 11] = 1 - Math.abs(a.distinctFraction - b.distinctFraction);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += (a[at] as number) * (b[at] as number);
  return sum;
}

function distance(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at++) sum += Math.abs((a[at] as number) - (b[at] as number));
  return sum;
}

import { valueKinds } from "./valueKind.ts";
import type { SketchOverlap } from "./sketchIndex.ts";
import type { ValueProfile } from "./valueProfile.ts";

/** How two columns' values compare; every figure is in 0..1, and 0 where either side shows no values. */
export interface ValueComparison {
  isComparable: number;
  kinds: number;
  characters: number;
  marks: number;
  length: number;
  spread: number;
  patterns: number;
  wholes: number;
  words: number;
  numbers: number;
  isNumericPair: number;
  distinct: number;
}

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
  const spread = Float64Array.from(kernel, (row) => dot(row, kinds));
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

/** Compares two columns by their values alone; `overlap` holds what they share. */
export function compareValues(
  left: ComparableValues,
  right: ComparableValues,
  overlap: SketchOverlap,
): ValueComparison {
  const a = left.profile;
  const b = right.profile;
  if (a.count === 0 || b.count === 0) return nothingToCompare;
  const isNumericPair = Math.min(a.numericFraction, b.numericFraction) > 0.6 ? 1 : 0;
  return {
    isComparable: 1,
    kinds: dot(left.spread, b.kinds) / (left.norm * right.norm),
    characters: 1 - distance(a.characters, b.characters) / 2,
    marks: 1 - distance(a.marks, b.marks) / Math.max(1, a.totalMarks + b.totalMarks),
    length: Math.exp(-Math.abs(a.meanLogLength - b.meanLogLength)),
    spread: Math.exp(-2 * Math.abs(a.spreadLogLength - b.spreadLogLength)),
    patterns: overlap.patterns,
    wholes: overlap.wholes,
    words: overlap.words,
    numbers: isNumericPair === 0 ? 0 : Math.exp(-distance(a.quantiles, b.quantiles) / 5),
    isNumericPair,
    distinct: 1 - Math.abs(a.distinctFraction - b.distinctFraction),
  };
}

const nothingToCompare: ValueComparison = {
  isComparable: 0,
  kinds: 0,
  characters: 0,
  marks: 0,
  length: 0,
  spread: 0,
  patterns: 0,
  wholes: 0,
  words: 0,
  numbers: 0,
  isNumericPair: 0,
  distinct: 0,
};

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

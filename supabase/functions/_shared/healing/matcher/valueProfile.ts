import { readNumber } from "./readNumber.ts";
import { kindOfValue, type ValueKind, valueKinds } from "./valueKind.ts";
import { patternOf } from "./valuePattern.ts";

/** What the values of a column look like, as shares and means; made once a column. */
export interface ValueProfile {
  /** Values that are not null and not blank. */
  readonly count: number;
  readonly blankFraction: number;
  readonly distinctFraction: number;
  /** Share of each of `valueKinds`. */
  readonly kinds: Float64Array;
  /** Mean share of each class of characters. */
  readonly characters: Float64Array;
  /** Share of values holding each of `marks`. */
  readonly marks: Float64Array;
  readonly totalMarks: number;
  readonly meanLogLength: number;
  readonly spreadLogLength: number;
  /** Share of values that begin with a number. */
  readonly numericFraction: number;
  /** Five quantiles of the numbers on a signed logarithmic scale. */
  readonly quantiles: Float64Array;
  /** Whole values, patterns and words by hash, with how often each was seen. */
  readonly wholes: ReadonlyMap<number, number>;
  readonly patterns: ReadonlyMap<number, number>;
  readonly words: ReadonlyMap<number, number>;
}

const characterClasses = 10;
const marks = "/-:.,$%(#_&[+@\n?!'\"\u3010";
const longestRead = 160;
const mostWords = 64;
const quantileShares = [0.05, 0.25, 0.5, 0.75, 0.95];

/** Writes any value as the text a column would show for it; undefined for null and blank. */
export function toText(value: unknown): string | undefined {
  if (value === null || value === undefined) return undefined;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? undefined : value.toISOString();
  const text = typeof value === "object" ? toJson(value) : String(value);
  const trimmed = text.trim();
  return trimmed === "" ? undefined : trimmed;
}

function toJson(value: object): string {
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return ""; // cyclic or bigint: no evidence
  }
}

/** Profiles up to `limit` of the values, spread evenly over them. */
export function profileValues(values: readonly unknown[], limit: number): ValueProfile {
  const step = Math.max(1, values.length / limit);
  const kinds = new Float64Array(valueKinds.length);
  const characters = new Float64Array(characterClasses);
  const markShares = new Float64Array(marks.length);
  const wholes = new Map<number, number>();
  const patterns = new Map<number, number>();
  const words = new Map<number, number>();
  const numbers: number[] = [];
  let [count, blank, sumLength, sumSquare] = [0, 0, 0, 0];
  for (let at = 0; at < values.length; at += step) {
    const text = toText(values[Math.floor(at)]);
    if (text === undefined) {
      blank++;
      continue;
    }
    count++;
    const logLength = Math.log(text.length);
    sumLength += logLength;
    sumSquare += logLength * logLength;
    const head = text.length > longestRead ? text.slice(0, longestRead) : text;
    const lower = head.toLowerCase();
    const kind: ValueKind = text.length > longestRead && !head.startsWith("http") ? "paragraph" : kindOfValue(lower);
    kinds[valueKinds.indexOf(kind)]! += 1;
    countCharacters(head, characters, markShares);
    const number = readNumber(lower);
    if (!Number.isNaN(number)) numbers.push(Math.sign(number) * Math.log1p(Math.abs(number)));
    increase(wholes, hashText(lower));
    increase(patterns, patternOf(head));
    if (words.size < mostWords) countWords(lower, words);
  }
  for (const shares of [kinds, characters, markShares]) divide(shares, count);
  const meanLogLength = count === 0 ? 0 : sumLength / count;
  return {
    count,
    blankFraction: count + blank === 0 ? 0 : blank / (count + blank),
    distinctFraction: count === 0 ? 0 : wholes.size / count,
    kinds,
    characters,
    marks: markShares,
    totalMarks: sumOf(markShares),
    meanLogLength,
    spreadLogLength: count === 0 ? 0 : Math.sqrt(Math.max(0, sumSquare / count - meanLogLength * meanLogLength)),
    numericFraction: count === 0 ? 0 : numbers.length / count,
    quantiles: quantilesOf(numbers),
    wholes,
    patterns,
    words,
  };
}

function countCharacters(text: string, classes: Float64Array, markShares: Float64Array): void {
  const part = 1 / text.length;
  let seen = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    classes[classOf(code)]! += part;
    if (code < 64 || code === 91 || code === 95 || code === 0x3010) {
      const mark = marks.indexOf(text[at] as string);
      if (mark >= 0) seen |= 1 << mark;
    }
    if (code === 64) seen |= 1 << marks.indexOf("@");
  }
  for (let mark = 0; seen !== 0; mark++, seen >>>= 1) if (seen & 1) markShares[mark]! += 1;
}

function classOf(code: number): number {
  if (code >= 97 && code <= 122) return 0;
  if (code >= 65 && code <= 90) return 1;
  if (code >= 48 && code <= 57) return 2;
  if (code <= 32) return 3;
  if (code < 128) return 4;
  if (code < 0x250) return 5;
  if (code < 0x700) return 6;
  if (code >= 0x4e00 && code <= 0x9fff) return 7;
  return code >= 0x3040 && code <= 0xd7a3 ? 8 : 9;
}

function countWords(text: string, words: Map<number, number>): void {
  let hash = 0;
  let length = 0;
  let before = 0;
  for (let at = 0; at <= text.length; at++) {
    const code = at < text.length ? text.charCodeAt(at) : 32;
    const isIdeograph = code >= 0x3040 && code <= 0x9fff;
    const isLetter = !isIdeograph && (code > 191 || (code >= 97 && code <= 122) || (code >= 48 && code <= 57));
    if (isIdeograph && before !== 0) increase(words, (Math.imul(before, 65599) + code) | 0);
    before = isIdeograph ? code : 0;
    if (isLetter) {
      hash = (Math.imul(hash, 31) + code) | 0;
      length++;
    } else {
      if (length > 1) increase(words, hash);
      hash = length = 0;
    }
  }
}

/** A 32-bit hash of a text. */
export function hashText(text: string): number {
  let hash = 7;
  for (let at = 0; at < text.length; at++) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0;
  return hash;
}

function increase(counts: Map<number, number>, key: number): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}

function sumOf(shares: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < shares.length; at++) sum += shares[at]!;
  return sum;
}

function divide(shares: Float64Array, by: number): void {
  if (by > 0) { for (let at = 0; at < shares.length; at++) shares[at]! /= by; }
}

function quantilesOf(numbers: number[]): Float64Array {
  const result = new Float64Array(quantileShares.length);
  if (numbers.length === 0) return result;
  numbers.sort((a, b) => a - b);
  for (let at = 0; at < result.length; at++) {
    result[at] = numbers[Math.round(quantileShares[at]! * (numbers.length - 1))]!;
  }
  return result;
}

import type { RuleShape } from "./healingRule.ts";

const mostOldWords = 2;
const mostNewWords = 3;

/**
 * The single rules that would make of a key's words those of its column, and those that would explain one word of them.
 * A number is no word: what `2` stands for in one name says nothing of another.
 */
export function suggestRules(key: readonly string[], column: readonly string[]): RuleShape[] {
  const [start, end] = commonEnds(key, column);
  const old = key.slice(start, key.length - end);
  const fresh = column.slice(start, column.length - end);
  if (old.length + fresh.length === 0) return [];
  const suggested: RuleShape[] = [{ kind: "key", from: key.join(" "), to: column.join(" ") }];
  if (key.length > 1 && isReordered(key, column)) suggested.push({ kind: "order", from: "", to: "" });
  if (old.length > 0 && fresh.length > 0) {
    if (old.length <= mostOldWords && fresh.length <= mostNewWords) {
      suggested.push(word(old.join(" "), fresh.join(" ")));
    }
    if (old.length > 1 && old.length === fresh.length) {
      old.forEach((from, at) => from === fresh[at] || suggested.push(word(from, fresh[at]!)));
    }
  } else if (start === 0 || end === 0) {
    const kind = start === 0 ? "prefix" : "suffix";
    if (old.length <= mostOldWords && fresh.length <= mostOldWords) {
      suggested.push({ kind, from: old.join(" "), to: fresh.join(" ") });
    }
  }
  return suggested.filter(({ kind, from }) => kind !== "word" || !/^[\d ]+$/.test(from));
}

/** Are they the same words, in another order? */
export function isReordered(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && inOrder(one) === inOrder(other) && one.join(" ") !== other.join(" ");
}

/** The words in the order of the alphabet. */
export function inOrder(words: readonly string[]): string {
  return [...words].sort().join(" ");
}

function commonEnds(one: readonly string[], other: readonly string[]): [start: number, end: number] {
  const most = Math.min(one.length, other.length);
  let start = 0;
  while (start < most && one[start] === other[start]) start++;
  let end = 0;
  while (end < most - start && one[one.length - 1 - end] === other[other.length - 1 - end]) end++;
  return [start, end];
}

function word(from: string, to: string): RuleShape {
  return { kind: "word", from, to };
}

import type { Draw } from "../../../bench/matcher/drawFrom.ts";
import { type TableHabits, valueMakers } from "../../../bench/matcher/valueMakers.ts";
import { wordBank } from "../../../bench/matcher/wordBank.ts";
import type { ValueSort } from "./tableCatalog.ts";

/** What a value is made for. */
export interface ValueTarget {
  readonly type: string;
  readonly sort: ValueSort;
  readonly labels?: readonly string[];
}

const habits = (language: "en" | "zh"): TableHabits => ({
  language,
  words: wordBank[language],
  dateStyle: 0,
  moneyStyle: 0,
  isTyped: true,
  host: "shop.example.com",
});

/** A value that the type holds, in the form in which applications send it. */
export function makeValue({ type, sort, labels }: ValueTarget, draw: Draw): unknown {
  switch (sort) {
    case "flag":
      return draw.chance(0.5);
    case "labels":
      return draw.pick(labels ?? []);
    case "list":
      return Array.from({ length: draw.int(1, 3) }, () => draw.pick(wordBank.en.nouns));
    case "object":
      return { [draw.pick(wordBank.en.nouns)]: draw.int(1, 999), note: draw.pick(wordBank.en.cities) };
    case "uuid":
      return makeUuid(draw);
    case "moment": {
      const moment = makeMoment(draw).toISOString();
      return type === "timestamp" && draw.chance(0.5) ? moment.slice(0, 19) : moment;
    }
  }
  const text = valueMakers[sort](draw, habits(draw.chance(0.05) ? "zh" : "en"))();
  if (type === "smallint") return draw.int(0, 120);
  if (/^(?:numeric|double|integer|bigint)/.test(type)) return rounded(type, toNumber(text, draw));
  const most = /^varchar\((\d+)\)/.exec(type)?.[1];
  return most === undefined ? text : text.slice(0, Number(most)).trim();
}

/** A column of numbers by now may have been one of texts. */
function toNumber(text: string, draw: Draw): number {
  return Number.isNaN(Number(text)) ? draw.int(0, 999) : Number(text);
}

function rounded(type: string, value: number): number {
  const scale = /^numeric\(\d+,(\d+)\)/.exec(type)?.[1] ?? (type === "double precision" ? undefined : "0");
  return (scale === undefined ? value : Number(value.toFixed(Number(scale)))) + 0; // JSON has no -0
}

/** A moment between 2015 and 2025, to the millisecond. */
export function makeMoment(draw: Draw): Date {
  return new Date(
    Date.UTC(draw.int(2015, 2024), draw.int(0, 11), draw.int(1, 28), draw.int(0, 23), draw.int(0, 59)) +
      draw.int(0, 59_999),
  );
}

/** A UUID of version 4. */
export function makeUuid(draw: Draw): string {
  const hex = (digits: number) => Array.from({ length: digits }, () => draw.int(0, 15).toString(16)).join("");
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${draw.pick([..."89ab"])}${hex(3)}-${hex(12)}`;
}

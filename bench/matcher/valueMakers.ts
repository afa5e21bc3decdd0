// deno-lint-ignore-file prefer-ascii -- units and marks of other languages are the data
import type { Draw } from "./drawFrom.ts";
import { type LanguageWords, wordBank } from "./wordBank.ts";

/** The habits of one generated table: its language, its subject's words, its ways of writing. */
export interface TableHabits {
  readonly language: "en" | "zh";
  readonly words: LanguageWords;
  readonly dateStyle: number;
  readonly moneyStyle: number;
  readonly isTyped: boolean;
  readonly host: string;
}

/** Makes the generator of one column's values: what is drawn outside is the column's, inside the value's. */
export type ValueMaker = (draw: Draw, habits: TableHabits) => () => string;

const pad = (value: number) => String(value).padStart(2, "0");

function writeDate(draw: Draw, style: number): string {
  const [year, month, day] = [draw.int(2015, 2024), draw.int(1, 12), draw.int(1, 28)];
  switch (style) {
    case 0:
      return `${year}-${pad(month)}-${pad(day)}`;
    case 1:
      return `${year}/${month}/${day}`;
    case 2:
      return `${pad(day)}/${pad(month)}/${year}`;
    case 3:
      return `${
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"][month - 1]
      } ${day}, ${year}`;
    case 4:
      return `${month}月${day}日`;
    default:
      return `${year}${pad(month)}${pad(day)}`;
  }
}

function writeMoney(value: number, style: number): string {
  const grouped = Math.round(value).toLocaleString("en-US");
  return [
    value.toFixed(2),
    String(Math.round(value)),
    `$${value.toFixed(2)}`,
    `$${grouped}`,
    `${grouped}元`,
    `NT$ ${grouped}`,
    `€${value.toFixed(2)}`,
  ][style]!;
}

function title(draw: Draw, { language, words }: TableHabits, low: number, high: number): string {
  const parts = Array.from(
    { length: draw.int(low, high) },
    () => draw.pick(draw.chance(0.6) ? words.nouns : draw.chance(0.6) ? words.adjectives : words.verbs),
  );
  if (language === "zh") return parts.join("");
  return parts.map((part, index) => index === 0 || draw.chance(0.7) ? part[0]!.toUpperCase() + part.slice(1) : part)
    .join(" ");
}

function prose(draw: Draw, habits: TableHabits, sentences: number): string {
  const made = Array.from({ length: sentences }, () => title(draw, habits, 5, 12));
  return habits.language === "zh"
    ? made.join("，") + "。"
    : made.map((line) => line[0] + line.slice(1).toLowerCase()).join(". ") + ".";
}

const digits = (draw: Draw, count: number) => Array.from({ length: count }, () => draw.int(0, 9)).join("");
const letters = (draw: Draw, count: number) =>
  Array.from({ length: count }, () => String.fromCharCode(65 + draw.int(0, 25))).join("");
const pickWords = (sort: keyof LanguageWords): ValueMaker => (draw, { words }) => () => draw.pick(words[sort]);
const spread = (low: number, high: number, places = 0): ValueMaker => (draw) => {
  const from = low + draw.float(0, (high - low) / 4);
  const to = high - draw.float(0, (high - low) / 4);
  return () => draw.float(from, to).toFixed(places);
};
const skewed = (high: number): ValueMaker => (draw, { isTyped }) => {
  const scale = Math.log(high) * draw.float(0.6, 1);
  const isGrouped = draw.chance(0.25) && !isTyped;
  return () => {
    const value = Math.floor(Math.exp(draw.float(0, scale)));
    return isGrouped ? value.toLocaleString("en-US") : String(value);
  };
};

/** The value makers by the sort of column. */
export const valueMakers = {
  person: (draw, { language, words }) => {
    const style = draw.int(0, 3);
    return () => {
      const [first, last] = [draw.pick(words.first), draw.pick(words.last)];
      if (language === "zh") return last + first;
      return style === 0 ? `${last}, ${first}` : style === 1 ? `${first[0]}. ${last}` : `${first} ${last}`;
    };
  },
  first: pickWords("first"),
  last: pickWords("last"),
  handle: (draw, _habits) => () =>
    `${draw.pick(wordBank.en.nouns)}${
      draw.chance(0.6) ? digits(draw, draw.int(2, 5)) : "_" + draw.pick(wordBank.en.nouns)
    }`,
  title: (draw, habits) => {
    const decorated = draw.chance(0.2);
    return () =>
      (decorated && draw.chance(0.6) ? `【${draw.pick(habits.words.categories)}】` : "") + title(draw, habits, 2, 8);
  },
  product: (draw, habits) => () =>
    `${draw.pick(habits.words.companies)} ${title(draw, habits, 1, 3)}${
      draw.chance(0.4) ? " " + letters(draw, 2) + digits(draw, 3) : ""
    }`,
  sentence: (draw, habits) => () => prose(draw, habits, draw.int(1, 2)),
  paragraph: (draw, habits) => () => prose(draw, habits, draw.int(3, 12)),
  comment: (draw, habits) => () => draw.chance(0.3) ? "" : title(draw, habits, 2, 9),
  money: (draw, { moneyStyle, isTyped }) => {
    const scale = draw.pick([10, 50, 300, 2000]);
    return () => writeMoney(Math.exp(draw.float(0, 2)) * scale, isTyped ? 0 : moneyStyle);
  },
  salary: (draw, { isTyped, moneyStyle }) => () => writeMoney(draw.int(20, 150) * 1000, isTyped ? 1 : moneyStyle),
  quantity: skewed(60),
  count: skewed(20000),
  bigCount: skewed(5_000_000),
  stars: (draw) => {
    const style = draw.int(0, 2);
    return () =>
      style === 0
        ? draw.float(1, 5).toFixed(1)
        : style === 1
        ? String(draw.int(1, 5))
        : `${draw.float(3, 10).toFixed(1)}`;
  },
  percent: (draw, { isTyped }) => {
    const isMarked = !isTyped && draw.chance(0.6);
    return () => draw.float(0, 100).toFixed(1) + (isMarked ? "%" : "");
  },
  fraction: spread(0, 1, 3),
  age: spread(1, 95),
  year: spread(1970, 2024),
  date: (draw, { dateStyle, isTyped }) => () => writeDate(draw, isTyped ? 0 : dateStyle),
  birth: (draw) => () => `${draw.int(1940, 2010)}-${pad(draw.int(1, 12))}-${pad(draw.int(1, 28))}`,
  datetime: (draw, { dateStyle, isTyped }) => {
    const hasSeconds = draw.chance(0.6);
    const mark = isTyped || draw.chance(0.4) ? "T" : " ";
    return () =>
      `${writeDate(draw, isTyped ? 0 : dateStyle)}${mark}${pad(draw.int(0, 23))}:${pad(draw.int(0, 59))}${
        hasSeconds || isTyped ? ":" + pad(draw.int(0, 59)) : ""
      }${isTyped ? "Z" : ""}`;
  },
  duration: (draw) => {
    const style = draw.int(0, 2);
    return () =>
      style === 0
        ? String(draw.int(5, 200))
        : style === 1
        ? `${draw.int(5, 200)} min`
        : `${pad(draw.int(0, 3))}:${pad(draw.int(0, 59))}`;
  },
  url: (draw, { host }) => {
    const part = draw.pick(["item", "news", "p", "detail", "article"]);
    return () => `https://${host}/${part}/${digits(draw, 6)}${draw.chance(0.3) ? ".html" : ""}`;
  },
  image: (draw, { host }) => {
    const ending = draw.pick(["jpg", "png", "webp", "jpg?w=640"]);
    return () => `https://img.${host}/${letters(draw, 6).toLowerCase()}.${ending}`;
  },
  email: (draw) => () =>
    `${draw.pick(wordBank.en.first).toLowerCase()}.${draw.pick(wordBank.en.last).toLowerCase()}${draw.int(1, 99)}@${
      draw.pick(["mail", "corp", "post"])
    }.${draw.pick(["com", "org", "net"])}`,
  phone: (draw, { language }) => {
    const style = draw.int(0, 2);
    return () =>
      style === 0
        ? `+${draw.int(1, 99)} ${digits(draw, 3)} ${digits(draw, 4)}`
        : style === 1 && language === "en"
        ? `(${digits(draw, 3)}) ${digits(draw, 3)}-${digits(draw, 4)}`
        : `09${digits(draw, 8)}`;
  },
  uuid: (draw) => () =>
    `${draw.int(10000000, 99999999)}-${draw.int(1000, 9999)}-4${digits(draw, 3)}-a${digits(draw, 3)}-${
      digits(draw, 12)
    }`,
  serial: (draw) => {
    let next = draw.int(1, 90000);
    return () => String(next += draw.int(1, 3));
  },
  code: (draw) => {
    const head = letters(draw, draw.int(1, 3));
    const size = draw.int(3, 6);
    const mark = draw.pick(["-", "", ""]);
    return () => `${head}${mark}${digits(draw, size)}`;
  },
  placeCode: (draw) => {
    const head = letters(draw, 2);
    return () => head + digits(draw, 4);
  },
  postal: (draw) => () => digits(draw, 5),
  boolean: (draw, { isTyped, language }) => {
    const [yes, no] = isTyped ? ["true", "false"] : draw.pick(
      language === "zh" ? [["是", "否"], ["有", "無"]] : [["true", "false"], ["Yes", "No"], ["1", "0"]],
    ) as [string, string];
    const share = draw.float(0.1, 0.9);
    return () => draw.chance(share) ? yes : no;
  },
  status: pickWords("statuses"),
  category: pickWords("categories"),
  color: pickWords("colors"),
  city: pickWords("cities"),
  country: pickWords("countries"),
  language: pickWords("languages"),
  gender: (draw, { language }) => {
    const pair = language === "zh" ? ["男", "女"] : draw.pick([["M", "F"], ["male", "female"]]);
    return () => draw.pick(pair);
  },
  company: (draw, { language, words }) => () =>
    `${draw.pick(words.companies)}${
      language === "zh" ? draw.pick(["公司", "集团", "股份有限公司"]) : draw.pick([" Inc", " Ltd", " Group", ""])
    }`,
  brand: pickWords("companies"),
  address: (draw, { language, words }) => () =>
    language === "zh"
      ? `${draw.pick(words.cities)}市${draw.pick(words.streets)}路${draw.int(1, 400)}号`
      : `${draw.int(1, 900)} ${draw.pick(words.streets)} ${draw.pick(["Street", "Road", "Ave"])}, ${
        draw.pick(words.cities)
      }`,
  latitude: spread(-60, 60, 5),
  longitude: spread(-180, 180, 5),
  weight: (draw) => measured(draw, ["kg", "g", "lbs", ""]),
  length: (draw) => measured(draw, ["cm", "mm", "inch", '"', ""]),
  area: (draw, { language }) => measured(draw, language === "zh" ? ["坪", "平方米", ""] : ["sqm", "m2", "sqft", ""]),
  temperature: spread(-10, 40, 1),
  currency: (draw) => () => draw.pick(["USD", "EUR", "TWD", "GBP", "CNY"]),
  tags: (draw, { words }) => () => `['${draw.pick(words.categories)}', '${draw.pick(words.nouns)}']`,
  ip: (draw) => () => `${draw.int(1, 255)}.${draw.int(0, 255)}.${draw.int(0, 255)}.${draw.int(1, 254)}`,
  floor: (draw, { language }) => () =>
    language === "zh" ? `${draw.int(1, 12)}樓/${draw.int(12, 24)}樓` : `${draw.int(1, 12)}/${draw.int(12, 24)}`,
  level: spread(1, 10),
} satisfies Record<string, ValueMaker>;

function measured(draw: Draw, units: readonly string[]): () => string {
  const unit = draw.pick(units);
  const space = draw.pick(["", " "]);
  const scale = draw.pick([1, 10, 100]);
  return () =>
    `${(Math.exp(draw.float(0, 2)) * scale).toFixed(draw.chance(0.5) ? 1 : 2)}${unit === "" ? "" : space + unit}`;
}

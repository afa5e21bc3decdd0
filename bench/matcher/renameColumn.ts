import type { Draw } from "./drawFrom.ts";

/** How one table writes its column names. */
export interface NamingHabits {
  readonly style: "snake" | "camel" | "pascal" | "title" | "upper" | "kebab" | "joined";
  readonly prefix: string;
  /** Shares of names that are abbreviated, misspelt or carry an extra word. */
  readonly abbreviated: number;
  readonly misspelt: number;
  readonly extended: number;
}

/** Draws a table's naming habits; most tables have few oddities. */
export function drawNamingHabits(draw: Draw): NamingHabits {
  return {
    style: draw.pick([
      "snake",
      "snake",
      "snake",
      "camel",
      "camel",
      "pascal",
      "title",
      "title",
      "upper",
      "kebab",
      "joined",
    ]),
    prefix: draw.chance(0.15)
      ? draw.pick(["article", "cust", "tbl", "item", "data", "order", "src", "house", "info"])
      : "",
    abbreviated: draw.chance(0.25) ? draw.float(0.1, 0.7) : 0,
    misspelt: draw.chance(0.2) ? 0.15 : 0.01,
    extended: draw.chance(0.25) ? 0.25 : 0.03,
  };
}

/** Writes a plain name ("unit price") as a table with these habits would. */
export function renameColumn(name: string, habits: NamingHabits, draw: Draw): string {
  if (/[^\u0020-\u024f]/.test(name)) return draw.chance(0.1) ? `${name}(${draw.int(1, 3)})` : name;
  let words = name.replace("-", "").split(" ");
  if (draw.chance(habits.abbreviated)) words = words.map((word) => abbreviate(word, draw));
  if (draw.chance(habits.misspelt)) words = misspell(words, draw);
  if (draw.chance(habits.extended)) {
    words = [...words, draw.pick(["value", "info", "code", "name", "text", "field", "2", "new"])];
  }
  if (habits.prefix !== "" && draw.chance(0.85)) words = [habits.prefix, ...words];
  return join(words, habits.style);
}

function abbreviate(word: string, draw: Draw): string {
  if (word.length < 5) return word;
  if (draw.chance(0.5)) return word[0] + word.slice(1).replace(/[aeiou]/g, "");
  return word.slice(0, draw.int(3, 4));
}

function misspell(words: readonly string[], draw: Draw): string[] {
  const at = draw.int(0, words.length - 1);
  return words.map((word, index) => {
    if (index !== at || word.length < 4) return word;
    const place = draw.int(1, word.length - 2);
    if (draw.chance(0.4)) return word.slice(0, place) + word.slice(place + 1);
    if (draw.chance(0.5)) return word.slice(0, place) + word[place + 1] + word[place] + word.slice(place + 2);
    return word.slice(0, place) + word[place] + word.slice(place);
  });
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

function join(words: readonly string[], style: NamingHabits["style"]): string {
  switch (style) {
    case "camel":
      return words.map((word, index) => index === 0 ? word : capital(word)).join("");
    case "pascal":
      return words.map(capital).join("");
    case "title":
      return words.map(capital).join(" ");
    case "upper":
      return words.join("_").toUpperCase();
    case "kebab":
      return words.join("-");
    case "joined":
      return words.join("");
    default:
      return words.join("_");
  }
}

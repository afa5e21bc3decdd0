import type { Draw } from "../../../bench/matcher/drawFrom.ts";

/** The ways to write a name of several words. */
export const conventions = ["camelCase", "PascalCase", "kebab-case", "SCREAMING_CASE", "Title Case", "joined"] as const;

/** See {@linkcode conventions}. */
export type Convention = (typeof conventions)[number];

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1);

/** Writes a snake_case name another way. */
export function writeName(name: string, convention: Convention): string {
  const words = name.split("_");
  switch (convention) {
    case "camelCase":
      return words.map((word, at) => at === 0 ? word : capital(word)).join("");
    case "PascalCase":
      return words.map(capital).join("");
    case "kebab-case":
      return words.join("-");
    case "SCREAMING_CASE":
      return words.join("_").toUpperCase();
    case "Title Case":
      return words.map(capital).join(" ");
    case "joined":
      return words.join("");
  }
}

/** A name without its convention. */
export function squash(name: string): string {
  return name.toLowerCase().replace(/[\s_-]+/g, "");
}

/** Slips of the keys between two texts: letters left out, added, taken for another, or swapped with their neighbour. */
export function slipsBetween(one: string, other: string): number {
  const rows = Array.from({ length: one.length + 1 }, (_, at) => [at, ...new Array<number>(other.length).fill(0)]);
  for (let column = 0; column <= other.length; column++) rows[0]![column] = column;
  for (let row = 1; row <= one.length; row++) {
    for (let column = 1; column <= other.length; column++) {
      const cost = one[row - 1] === other[column - 1] ? 0 : 1;
      const [here, above] = [rows[row]!, rows[row - 1]!];
      here[column] = Math.min(above[column]! + 1, here[column - 1]! + 1, above[column - 1]! + cost);
      const isSwapped = row > 1 && column > 1 && one[row - 1] === other[column - 2] &&
        one[row - 2] === other[column - 1];
      if (isSwapped) here[column] = Math.min(here[column]!, rows[row - 2]![column - 2]! + 1);
    }
  }
  return rows[one.length]![other.length]!;
}

/** The name with one slip in one of its letters; never its first one, which people seldom miss. */
export function slip(name: string, draw: Draw): string {
  const at = draw.int(1, name.length - 1);
  const letter = String.fromCharCode(97 + draw.int(0, 25));
  switch (draw.int(0, 3)) {
    case 0:
      return name.slice(0, at) + name.slice(at + 1);
    case 1:
      return name.slice(0, at) + letter + name.slice(at);
    case 2:
      return name.slice(0, at) + letter + name.slice(at + 1);
    default:
      return at + 1 < name.length
        ? name.slice(0, at) + name[at + 1] + name[at] + name.slice(at + 2)
        : name.slice(0, at);
  }
}

/** The names that are at most so many slips away, whatever their convention. */
export function nearNames(key: string, names: readonly string[], slips: number): string[] {
  return names.filter((name) => slipsBetween(squash(key), squash(name)) <= slips);
}

// as people shorten them in column names; a word has one form here
const shortForms: ReadonlyMap<string, string> = new Map(
  `quantity qty, amount amt, number no, address addr, description desc, customer cust, category cat, department dept,
  percent pct, reference ref, image img, average avg, maximum max, minimum min, account acct, employee emp, manager mgr,
  discount disc, product prod, invoice inv, currency curr, message msg, total tot, count cnt, telephone tel, phone ph,
  weight wt, level lvl, street st, language lang, temperature temp, latitude lat, longitude lng, preferred pref,
  originator orig, destination dest, shipping ship, billing bill, response resp, resolution res, supplier supp,
  subscription sub, preferences prefs, attributes attrs, recipient rcpt, delivery dlv, number no, score scr`
    .split(",").map((pair) => pair.trim().split(" ") as [string, string]),
);

/** The name with its words shortened as people do; the same where none has a short form. */
export function abbreviate(name: string): string {
  return name.split("_").map((word) => shortForms.get(word) ?? word).join("_");
}

import { splitName } from "../matcher/tokenizeName.ts";

const longestName = 200;
const mostWords = 12;

/**
 * The words of a name as rules see them: split where its writing does and nowhere else, so that what the dictionary knows
 * changes no rule. None for a name that is too long to be one.
 */
export function ruleWordsOf(name: string): readonly string[] {
  if (name.length > longestName) return [];
  const words = splitName(name);
  return words.length > mostWords ? [] : words;
}

/** A text that Postgres takes within JSON and within its bound: no NUL, no half of a surrogate pair, so many characters. */
export function plainText(text: string, longest: number): string {
  const cut = text.length > longest ? text.slice(0, longest) : text;
  return cut.replaceAll("\0", " ").toWellFormed();
}

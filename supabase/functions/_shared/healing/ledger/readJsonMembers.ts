/** The members of a JSON object's text, each value as it is written: numbers keep their digits, objects their order. */
export function readJsonMembers(text: string): [key: string, valueText: string][] {
  const members: [string, string][] = [];
  let at = 0;
  const skipSpace = () => {
    while (text[at] === " " || text[at] === "\n" || text[at] === "\r" || text[at] === "\t") at++;
  };
  const refuse = () => new SyntaxError(`Cannot read a JSON object as it is broken at character ${at}`);

  function take(mark: string): boolean {
    skipSpace();
    if (text[at] !== mark) return false;
    at++;
    return true;
  }

  function skipString(): void {
    for (at++; text[at] !== '"'; at++) {
      if (text[at] === "\\") at++;
      if (at >= text.length) throw refuse();
    }
    at++;
  }

  function skipValue(): void {
    let depth = 0;
    do {
      const mark = text[at];
      if (mark === '"') {
        skipString();
        continue;
      }
      if (mark === "{" || mark === "[") depth++;
      else if (mark === "}" || mark === "]") depth--;
      else if (mark === undefined) throw refuse();
      at++;
    } while (depth > 0 || !isEnd(text[at]));
  }

  const isEnd = (mark: string | undefined) => mark === undefined || mark === "," || mark === "}";

  if (!take("{")) throw refuse();
  if (take("}")) return members;
  do {
    skipSpace();
    const start = at;
    if (text[at] !== '"') throw refuse();
    skipString();
    const key = JSON.parse(text.slice(start, at)) as string;
    if (!take(":")) throw refuse();
    skipSpace();
    const valueStart = at;
    skipValue();
    members.push([key, text.slice(valueStart, at).trimEnd()]);
  } while (take(","));
  if (!take("}")) throw refuse();
  return members;
}

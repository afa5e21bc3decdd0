/** Keywords after which a slash begins a regular expression, not a division. */
const beforeRegex = /(?:^|[^\w$.])(?:return|typeof|case|in|of|delete|void|throw|new|else|do|await|yield)\s*$/;

/**
 * TypeScript with comments, string contents and regular expressions blanked, line breaks and code inside `${}` kept. So
 * a checker that looks for a word sees it only where it is code.
 */
export function codeOnly(source: string): string {
  let out = "";
  let at = 0;
  const templates: number[] = []; // Depth of braces inside each open `${`.
  const blankTo = (end: number) => {
    out += source.slice(at, end).replace(/[^\n]/g, " ");
    at = end;
  };
  const endOf = (pattern: RegExp, from: number) => {
    pattern.lastIndex = from;
    const match = pattern.exec(source);
    return match === null ? source.length : match.index + match[0].length;
  };
  const blankTemplate = () => {
    const end = endOf(/(?:[^\\`$]|\\[^]|\$(?!\{))*(?:`|\$\{|$)/gy, at);
    if (source.slice(at, end).endsWith("${")) templates.push(0);
    blankTo(end);
  };
  while (at < source.length) {
    const char = source[at]!;
    const pair = source.slice(at, at + 2);
    if (pair === "//") blankTo(endOf(/\n|$/g, at));
    else if (pair === "/*") blankTo(endOf(/\*\/|$/g, at + 2));
    else if (char === '"' || char === "'") blankTo(stringEnd(at));
    else if (char === "`") {
      blankTo(at + 1);
      blankTemplate();
    } else if (char === "/" && isRegexHere(out)) {
      blankTo(endOf(/(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*|$/gy, at + 1));
    } else {
      if (char === "{" && templates.length > 0) templates[templates.length - 1]!++;
      if (char === "}" && templates.length > 0 && templates[templates.length - 1]!-- === 0) {
        templates.pop();
        blankTo(at + 1);
        blankTemplate();
        continue;
      }
      out += char;
      at++;
    }
  }
  return out;

  function stringEnd(start: number): number {
    const quote = source[start];
    for (let index = start + 1; index < source.length; index++) {
      if (source[index] === "\\") index++;
      else if (source[index] === quote || source[index] === "\n") return index + 1;
    }
    return source.length;
  }
}

function isRegexHere(before: string): boolean {
  const last = before.trimEnd().at(-1);
  return last === undefined || "(,=:[!&|?{};~+-*%<>^".includes(last) || beforeRegex.test(before.slice(-20));
}

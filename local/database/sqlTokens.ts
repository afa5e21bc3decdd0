/** A piece of SQL text: what a splitter needs to tell apart, and no more. */
export interface SqlToken {
  readonly kind: "word" | "text" | "(" | ")" | ";";
  /** Where the token ends in the text. */
  readonly end: number;
  /** The token itself, where it is a word; in lower case. */
  readonly word?: string;
}

const letter = "A-Za-z_\\u0080-\\uffff";
const word = new RegExp(`[${letter}][${letter}0-9$]*`, "y");
const lineComment = /--[^\n]*/y;
const escapeString = /[eE]'(?:[^'\\]|\\[^]|'')*'?/y;
const string = /'(?:[^']|'')*'?/y;
const quotedName = /"(?:[^"]|"")*"?/y;
const dollarTag = new RegExp(`\\$(?:[${letter}][${letter}0-9]*)?\\$`, "y");
const number = /[0-9][0-9A-Za-z_.]*/y;

function endOfMatch(pattern: RegExp, text: string, start: number): number | undefined {
  pattern.lastIndex = start;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

/** Block comments nest in Postgres, so no regular expression finds their end. */
function endOfBlockComment(text: string, start: number): number | undefined {
  if (!text.startsWith("/*", start)) return undefined;
  let depth = 0;
  for (let at = start; at < text.length - 1; at++) {
    const pair = text.slice(at, at + 2);
    if (pair !== "/*" && pair !== "*/") continue;
    depth += pair === "/*" ? 1 : -1;
    if (depth === 0) return at + 2;
    at++;
  }
  return text.length;
}

function endOfDollarQuote(text: string, start: number): number | undefined {
  const bodyStart = endOfMatch(dollarTag, text, start);
  if (bodyStart === undefined) return undefined;
  const tag = text.slice(start, bodyStart);
  const close = text.indexOf(tag, bodyStart);
  return close === -1 ? text.length : close + tag.length;
}

/** Cuts SQL into words, brackets, semicolons and everything else; what is quoted or commented is one piece of text. */
export function* sqlTokens(text: string): Generator<SqlToken> {
  for (let at = 0; at < text.length;) {
    const opaqueEnd = endOfMatch(lineComment, text, at) ?? endOfBlockComment(text, at) ??
      endOfMatch(escapeString, text, at) ?? endOfMatch(string, text, at) ?? endOfMatch(quotedName, text, at) ??
      endOfDollarQuote(text, at) ?? endOfMatch(number, text, at);
    const wordEnd = opaqueEnd === undefined ? endOfMatch(word, text, at) : undefined;
    const end: number = opaqueEnd ?? wordEnd ?? at + 1;
    const char = text[at];
    if (wordEnd !== undefined) yield { kind: "word", end, word: text.slice(at, end).toLowerCase() };
    else if (opaqueEnd === undefined && (char === "(" || char === ")" || char === ";")) yield { kind: char, end };
    else yield { kind: "text", end };
    at = end;
  }
}

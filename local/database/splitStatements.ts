import { sqlTokens } from "./sqlTokens.ts";

/**
 * Cuts a file of SQL into its statements, as the Supabase CLI records them: comments stay with the statement they stand
 * before, the closing semicolon and the blanks around go, comments after the last statement are an entry of their own.
 *
 * A semicolon in brackets (`create rule ... do (a; b)`) or between `begin atomic` and its `end` does not cut.
 */
export function splitStatements(text: string): string[] {
  const statements: string[] = [];
  let [start, brackets, atomicDepth] = [0, 0, 0];
  let previousWord: string | undefined;
  const add = (end: number) => {
    const statement = text.slice(start, end).replace(/;+$/, "").trim();
    if (statement !== "") statements.push(statement);
    start = end;
  };
  for (const token of sqlTokens(text)) {
    if (token.kind === "(") brackets++;
    else if (token.kind === ")") brackets = Math.max(0, brackets - 1);
    else if (token.kind === "word") {
      const { word } = token;
      if (atomicDepth === 0) atomicDepth = word === "atomic" && previousWord === "begin" ? 1 : 0;
      else if (word === "case") atomicDepth++;
      else if (word === "end") atomicDepth--;
      previousWord = word;
    } else if (token.kind === ";" && brackets === 0 && atomicDepth === 0) {
      add(token.end);
      previousWord = undefined;
    }
  }
  add(text.length);
  return statements;
}

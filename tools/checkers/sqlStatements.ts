/** One statement of a migration, in the forms that checks need. */
export interface SqlStatement {
  /** Without comments; strings and function bodies as written. */
  readonly text: string;
  /** Without comments, and with strings, quoted names and function bodies blanked. */
  readonly bare: string;
  readonly line: number;
}

const token = /--[^\n]*|\/\*[^]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[^]*?\1|;/g;

/** Cuts a migration into its statements at the semicolons that stand outside strings, comments and function bodies. */
export function sqlStatements(sql: string): SqlStatement[] {
  const statements: SqlStatement[] = [];
  let text = "";
  let bare = "";
  let at = 0;
  let line = 1;
  let startLine = 1;
  const add = (part: string, barePart: string) => {
    if (text.trim() === "") startLine = line + (/^\s*/.exec(part)![0].match(/\n/g)?.length ?? 0);
    text += part;
    bare += barePart;
  };
  const finish = () => {
    if (bare.trim() !== "") statements.push({ text: text.trim(), bare: bare.trim(), line: startLine });
    text = bare = "";
  };
  const advance = (part: string) => line += part.match(/\n/g)?.length ?? 0;
  for (const match of sql.matchAll(token)) {
    const before = sql.slice(at, match.index);
    add(before, before);
    advance(before);
    const found = match[0];
    if (found === ";") finish();
    else if (found.startsWith("--") || found.startsWith("/*")) add(" ", " ");
    else add(found, found.replace(/[^\n]/g, " "));
    advance(found);
    at = match.index + found.length;
  }
  add(sql.slice(at), sql.slice(at));
  finish();
  return statements;
}

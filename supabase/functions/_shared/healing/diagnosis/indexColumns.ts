/**
 * The columns that stand in an index's definition, as the catalog prints it; what is an expression names none. `columns`
 * are those of the index's table.
 */
export function indexColumns(definition: string, columns: readonly string[]): string[] {
  return termsOf(definition).flatMap((term) => {
    const found = columns.find((column) => [column, quoted(column)].some((name) => isTermOf(term, name)));
    return found === undefined ? [] : [found];
  });
}

/** A term is a name alone, or one with its collation, operator class or order after it. */
const isTermOf = (term: string, name: string) => term === name || term.startsWith(`${name} `);

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`;

/** What stands between the first parentheses after `using <method>`, parted at its own commas. */
function termsOf(definition: string): string[] {
  const start = / USING \w+ \(/.exec(definition);
  if (start === null) return [];
  const terms = [""];
  let depth = 0;
  let isQuoted = false;
  for (const char of definition.slice(start.index + start[0].length)) {
    if (char === '"' || char === "'") isQuoted = !isQuoted;
    if (!isQuoted) {
      if (char === ")" && depth-- === 0) break;
      if (char === "(") depth++;
      if (char === "," && depth === 0) {
        terms.push("");
        continue;
      }
    }
    terms[terms.length - 1] += char;
  }
  return terms.map((term) => term.trim());
}

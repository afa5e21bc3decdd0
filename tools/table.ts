/** Lays rows out under a heading, in columns; numbers to the right. */
export function table(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [heading, ...rows];
  const widths = heading.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const isNumeric = heading.map((_, column) => rows.every((row) => /^[\d.,]+( \w+)?$/.test(row[column] ?? "")));
  return lines.map((line) =>
    line.map((cell, column) => isNumeric[column] ? cell.padStart(widths[column]!) : cell.padEnd(widths[column]!))
      .join("  ").trimEnd()
  ).join("\n");
}

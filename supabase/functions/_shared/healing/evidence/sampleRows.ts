/** Up to `most` of the rows, spread evenly over them. */
export function sampleRows<Each>(rows: readonly Each[], most: number): readonly Each[] {
  if (rows.length <= most) return rows;
  const step = rows.length / most;
  return Array.from({ length: most }, (_, at) => rows[Math.floor(at * step)]!);
}

/** What grows with the market. */
export interface GrowthPoint {
  readonly products: number;
  readonly points: Readonly<Record<string, number>>;
}

/** A chart, as Markdown readers draw it, of latencies by the number of products. */
export function growthPlot(measured: readonly GrowthPoint[]): string {
  const names = Object.keys(measured[0]?.points ?? {});
  const most = Math.max(10, ...measured.flatMap(({ points }) => Object.values(points)));
  const lines = names.map((name) =>
    `  line [${measured.map(({ points }) => (points[name] ?? 0).toFixed(1)).join(", ")}]`
  );
  return [
    `Milliseconds by products; the lines, in order: ${
      names.join(", ")
    } (p99 for track and visible, p95 for the others).`,
    "",
    "```mermaid",
    "xychart-beta",
    `  x-axis [${measured.map(({ products }) => `"${products.toLocaleString("en")}"`).join(", ")}]`,
    `  y-axis "ms" 0 --> ${Math.ceil(most / 10) * 10}`,
    ...lines,
    "```",
  ].join("\n");
}

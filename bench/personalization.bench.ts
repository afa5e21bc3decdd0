import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { type BenchMarket, type MarketSize, openBenchMarket } from "./personalization/benchMarket.ts";
import { startBenchServer } from "./personalization/benchServer.ts";
import { quantileMs, sendAtRate } from "./personalization/loadPlan.ts";
import { growthPlot } from "./personalization/growthPlot.ts";
import { measureVisibility } from "./personalization/measureVisibility.ts";
import { measureWrites, writeRate, writeRounds } from "./personalization/measureWrites.ts";
import { SideMaker } from "./personalization/sides.ts";

const readRate = 12;
const kinds = ["for-you", "discovery", "trending", "reorder"];

/** Products of each market; the one whose figures are held against what is wanted stands first. */
const sizes = (Deno.env.get("BALLAST_BENCH_PRODUCTS") ?? "100000,10000,1000000").split(",").map(Number);

/** What was measured of one market. */
export interface Figures {
  readonly products: number;
  readonly interactions: number;
  readonly rows: readonly (readonly [label: string, figure: string, wanted: string])[];
  readonly points: Readonly<Record<string, number>>;
}

/** The demo makes about as many events as it is asked for: with so many products, this share of them. */
const madeOfAsked = 0.85;

/** How large a market with so many products is otherwise. */
export function sizeOf(products: number): MarketSize {
  const interactions = Number(Deno.env.get("BALLAST_BENCH_INTERACTIONS") ?? Math.min(products * 20, 2_000_000));
  return {
    products,
    interactions: Math.ceil(interactions / madeOfAsked),
    shoppers: Math.min(20_000, Math.ceil(interactions / 100)),
    vendors: Math.max(20, Math.ceil(products / 500)),
  };
}

/** Measures a market that is open. */
export async function measureMarket(market: BenchMarket, tell: (line: string) => void): Promise<Figures> {
  const { products, interactions } = market;
  const maker = new SideMaker(market, 7);
  const searchSides = ["search", "search, unpersonalized"] as const;
  const reads = (count: number) =>
    Array.from({ length: count }, (_, place) => [
      ...maker.searches(...searchSides),
      maker.recommendations(kinds[place % kinds.length]!, `kind=${kinds[place % kinds.length]}&limit=12`),
    ]).flat();

  await sendAtRate(reads(40), 60); // Warm-up: modules, plans, pages.
  const written = await measureWrites(market, maker, tell);
  const answers = await sendAtRate(reads(420), readRate, { warmUp: 60 });
  const seen = await measureVisibility(market, maker, 400);
  const p = (side: string, share: number) => quantileMs(answers, side, share);
  const ms = (value: number) => value.toFixed(1);
  const extra = p(searchSides[0], 0.95) - p(searchSides[1], 0.95);
  const recommendations = answers.filter(({ side }) => kinds.includes(side)).map((one) => ({ ...one, side: "all" }));
  const shown = seen.readMs[Math.floor(0.99 * seen.readMs.length)]!;
  return {
    products,
    interactions,
    rows: [
      ["track to visible, p99 ms", ms(shown), "10"],
      ["searches that knew of the click before", `${seen.searchesThatKnew} of ${seen.searches}`, "all"],
      [`track at ${writeRate}/s, p99 ms`, ms(written.track.p99Ms), "10"],
      [`bare INSERT at ${writeRate}/s, p99 ms`, ms(written.bare.p99Ms), ""],
      ["track, median ms", written.track.medianMs.toFixed(2), ""],
      ["bare INSERT, median ms", written.bare.medianMs.toFixed(2), ""],
      ["- without a gateway, median ms", written.alone.medianMs.toFixed(2), ""],
      ["track, median beside bare INSERT", written.ratio.toFixed(2), "2"],
      ["- beside that without a gateway", written.ratioToAlone.toFixed(2), ""],
      ["search, median ms", ms(p(searchSides[0], 0.5)), ""],
      ["search, p95 ms", ms(p(searchSides[0], 0.95)), "50"],
      ["search, p95 over unpersonalized, ms", ms(extra), "10"],
      ["recommendations, p95 ms", ms(quantileMs(recommendations, "all", 0.95)), "30"],
      ...kinds.map((kind) => [`- ${kind}, p95 ms`, ms(p(kind, 0.95)), ""] as const),
    ],
    points: {
      track: written.track.p99Ms,
      search: p(searchSides[0], 0.95),
      recommendations: quantileMs(recommendations, "all", 0.95),
      visible: shown,
    },
  };
}

async function measure(tell: (line: string) => void): Promise<string> {
  await using _server = await startBenchServer();
  const measured: Figures[] = [];
  for (const products of sizes) {
    await using market = await openBenchMarket(sizeOf(products), tell);
    measured.push(await measureMarket(market, tell));
  }
  return render(measured);
}

/** The market that the figures are wanted of. */
const aimedAt = 100_000;

/** What was not reached, in a sentence. */
function missed(measured: readonly Figures[]): string {
  const rows = measured.find(({ products }) => products === aimedAt)?.rows ?? [];
  const over = rows.filter(([, figure, wanted]) => Number(figure) > Number(wanted || Infinity));
  if (over.length === 0) return "";
  return ` Missed: ${over.map(([label, figure, wanted]) => `${label} (${figure}, wanted ${wanted})`).join("; ")}.`;
}

/** The section of the document. */
export function render(unsorted: readonly Figures[]): string {
  const measured = [...unsorted].sort((one, other) => one.products - other.products);
  const head = ["", ...measured.map(({ products }) => products.toLocaleString("en")), "wanted"];
  const rows = measured[0]!.rows.map(([label, , wanted], place) => [
    label,
    ...measured.map((one) => one.rows[place]![1]),
    wanted,
  ]);
  const markets = measured.map(({ products, interactions }) =>
    `${products.toLocaleString("en")} products with ${interactions.toLocaleString("en")} interactions`
  );
  return `Through the gateway, as users with tokens of their own and row level security, on a Postgres with fsync: ${
    markets.join("; ")
  }. Columns
are markets by their products. The load comes from a process of its own, each request at its own time (a stall shows in all
it delays). Tracking takes turns with a bare handler (one row, no rights, nothing learned), which the same client calls behind a
gateway as well, and once more in a server of its own that has none: ${writeRounds} rounds of 5 s each after a second of warm-up. Searches and
recommendations come at ${readRate}/s, each search once with and once without the shopper's taste. Visible: from the answer of a
click to the answer of a read of the profile's version that shows it. "Wanted" holds for ${
    aimedAt.toLocaleString("en")
  } products.${missed(measured)}

${markdownTable(head, rows)}

${growthPlot(measured)}`;
}

/** Tracking, searching and recommending in markets of three sizes, through the gateway. */
export const personalizationBench: Bench = {
  name: "personalization",
  title: "Personalization through the gateway",
  run: measure,
};

// deno-lint-ignore-file no-console -- a bench prints its table
import { readFile } from "node:fs/promises";
import type { Bench } from "./report/bench.ts";
import { markdownTable } from "./report/markdownTable.ts";
import { type ComparedModel, compareModels } from "./recs/compareModels.ts";
import { demoHistories } from "./recs/demoHistories.ts";
import { measureRows, rowMarket } from "./recs/measureRows.ts";
import { plantTastes } from "./recs/plantTastes.ts";
import { readRatings } from "./recs/readRatings.ts";

const planted = { items: 2_000, subjects: 5_000, seed: 20_261_127 } as const;
const demo = { products: 1_200, shoppers: 3_000, interactions: 300_000, seed: 1 } as const;

function tableOf(compared: readonly ComparedModel[]): string {
  const rows = compared.map(({ name, lambda, quality, trainedMs }) => [
    name,
    quality.ndcg.toFixed(4),
    quality.recall.toFixed(4),
    quality.coverage.toFixed(3),
    lambda === undefined ? "-" : String(lambda),
    (trainedMs / 1_000).toFixed(1),
  ]);
  return markdownTable(["model", "NDCG@10", "recall@10", "coverage", "lambda / shrinkage", "training, s"], rows);
}

async function measure(progress: (line: string) => void): Promise<string> {
  const { itemCount, histories } = plantTastes(planted);
  const market = demoHistories(demo);
  const onDemo = compareModels(market.itemCount, market.histories, progress);
  const compared = compareModels(itemCount, histories, progress);
  const rows = await measureRows(progress);
  return `What ${planted.subjects.toLocaleString("en")} shoppers with planted tastes wanted last, out of ${
    planted.items.toLocaleString("en")
  } products, from all they wanted
before. The last but one chose lambda; training saw neither. Popularity, cosine and the closed form are what others stand on;
the last row is what \`personalization-daily\` trains.

${tableOf(compared)}

The same of the demo's market: what ${market.histories.length.toLocaleString("en")} shoppers put into their carts, ${
    market.itemCount.toLocaleString("en")
  } products.

${tableOf(onDemo)}

Rows of twelve of a market of the demo's, ${
    rowMarket.products.toLocaleString("en")
  } products and ${rowMarket.shoppers} shoppers, asked for through the functions. Liking is
how much a shopper's planted taste wants what is shown, beside their average product.

${
    markdownTable(
      ["row of 12", "liking", "shelves"],
      rows.map(({ name, liking, shelves }) => [name, liking.toFixed(2), shelves.toFixed(1)]),
    )
  }`;
}

/** How well models foretell what somebody wants next. */
export const recsBench: Bench = { name: "recs", title: "What goes with what", run: measure };

if (import.meta.main) {
  const at = Deno.args.indexOf("--ratings");
  const file = at < 0 ? undefined : Deno.args[at + 1];
  const print = (line: string) => console.log(`  ${line}`);
  if (file === undefined) console.log(await measure(print));
  else {
    const { itemCount, histories, skipped } = readRatings(await readFile(file, "utf8"));
    console.log(`${file}: ${histories.length} users, ${itemCount} items, ${skipped} lines skipped`);
    if (histories.length === 0) {
      console.log("Cannot compare models as no user has five liked items: want lines of 'user item rating timestamp'");
      Deno.exit(1);
    }
    console.log(tableOf(compareModels(itemCount, histories, print)));
  }
}

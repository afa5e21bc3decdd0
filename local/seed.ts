/** Fills the running stack, or another database, with a demo market: `deno task seed`, `--help` for the flags. */
import { dirname, join } from "node:path";
import { print, printError } from "../tools/print.ts";
import { connect } from "./database/connect.ts";
import { parseSeedCommand, seedHelpText } from "./demo/seedCommand.ts";
import { seedMarket } from "./demo/seedMarket.ts";
import { findRunningStack } from "./stack/stackFile.ts";

async function run(): Promise<void> {
  const { market, dbUrl, isHelp } = parseSeedCommand(Deno.args);
  if (isHelp) return print(seedHelpText);
  const url = dbUrl ?? (await findRunningStack(join(dirname(import.meta.dirname!), ".ballast")))?.dbUrl;
  if (url === undefined) {
    throw new Error(
      "Cannot seed as no stack runs: start one with 'deno task start', or name a database with '--db-url'",
    );
  }
  await using sql = connect(url, { max: 2 });
  const startedAt = performance.now();
  const { catalog, interactions } = await seedMarket(sql, market);
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
  print(
    `${catalog.vendors.length} vendors, ${catalog.products.length} products, ${interactions} interactions in ${seconds} s`,
  );
  print(`Shoppers are ${market.shoppers} users: their ids begin with ${catalog.products[0]!.id.slice(0, 8)}-0004`);
}

try {
  await run();
} catch (error) {
  printError(error instanceof Error ? error.message : String(error));
  Deno.exit(1);
}

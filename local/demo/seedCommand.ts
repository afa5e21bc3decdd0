import { parseArgs } from "node:util";
import type { SeedOptions } from "./seedMarket.ts";

/** What `deno task seed` was asked for. */
export interface SeedCommand {
  readonly market: SeedOptions;
  /** Absent: that of the running stack. */
  readonly dbUrl?: string;
  readonly isHelp: boolean;
}

/** What `--help` prints. */
export const seedHelpText = `Fills a database with a demo market: the same one for the same numbers.

  --vendors <number>       farms and shops (default 20)
  --products <number>      what they sell (default 600)
  --shoppers <number>      who buys it (default 60)
  --days <number>          for how long, until last midnight (default 60)
  --seed <number>          another number, another market (default 1)
  --interactions <number>  about how many events there are (default 60 a shopper)
  --db-url <url>           use this Postgres instead of the running stack's
  --help                   show this`;

const most = { vendors: 20_000, products: 5_000_000, shoppers: 5_000_000, days: 3_650, seed: 4_000_000_000 };

/** Reads the command line; throws an error that names the flag at fault. */
export function parseSeedCommand(args: readonly string[]): SeedCommand {
  const text = { type: "string" } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      ...{ vendors: text, products: text, shoppers: text, days: text, seed: text, interactions: text, "db-url": text },
      help: { type: "boolean", default: false },
    },
  });
  const read = (name: "vendors" | "products" | "shoppers" | "days" | "seed", otherwise: number) =>
    count(name, values[name], otherwise, most[name]);
  const market = {
    vendors: read("vendors", 20),
    products: read("products", 600),
    shoppers: read("shoppers", 60),
    days: read("days", 60),
    seed: read("seed", 1),
  };
  const interactions = values.interactions;
  return {
    market: interactions === undefined
      ? market
      : { ...market, interactions: count("interactions", interactions, 0, 1_000_000_000) },
    isHelp: values.help === true,
    ...(values["db-url"] === undefined ? {} : { dbUrl: values["db-url"] }),
  };
}

function count(name: string, text: string | undefined, otherwise: number, most: number): number {
  if (text === undefined) return otherwise;
  const value = /^\d{1,12}$/.test(text) ? Number(text) : NaN;
  if (!(value >= 1 && value <= most)) {
    throw new Error(`Cannot seed as '--${name}' must be a whole number from 1 to ${most}: got "${text}"`);
  }
  return value;
}

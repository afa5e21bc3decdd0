import { seedMarket } from "../../local/demo/seedMarket.ts";
import { type TestStack, testStack } from "../../tests/harness/testStack.ts";
import { userToken } from "../../tests/harness/userToken.ts";

/** How large the market of a round is. */
export interface MarketSize {
  readonly vendors: number;
  readonly products: number;
  readonly shoppers: number;
  readonly interactions: number;
}

/** A shopper who can ask. */
export interface BenchShopper {
  readonly id: string;
  readonly token: string;
}

/** A stack over a full market, learned and vacuumed. */
export interface BenchMarket extends AsyncDisposable {
  readonly products: number;
  /** As many as there came to be. */
  readonly interactions: number;
  readonly stack: TestStack;
  readonly shoppers: readonly BenchShopper[];
  /** Products that can be clicked. */
  readonly productIds: readonly string[];
  /** Words that somebody searches for, often ones more often. */
  readonly queries: readonly string[];
}

/** Who is there at the time of the measurement: some hundreds of all shoppers ask again and again. */
const signedShoppers = 600;
const queries = [
  "milk",
  "yogurt",
  "chips",
  "bread",
  "cheese",
  "apple",
  "coffee",
  "oat",
  "organic honey",
  "tomato sauce",
];

/** A model of more products takes longer than the rest of the measurement. */
const mostModelled = 100_000;

/** Fills a database of its own and starts the functions on it. */
export async function openBenchMarket(size: MarketSize, tell: (line: string) => void): Promise<BenchMarket> {
  const stack = await testStack();
  try {
    const { sql } = stack.database;
    const startedAt = performance.now();
    const { interactions } = await seedMarket(sql, { ...size, days: 120, seed: 2026 });
    tell(`${size.products} products are there after ${Math.round((performance.now() - startedAt) / 1_000)} s`);
    // As the scheduler would: what is popular, what goes with what, the model.
    await runJob(stack, "personalization-hourly", tell);
    if (size.products <= mostModelled) await runJob(stack, "personalization-daily", tell);
    await sql.unsafe("vacuum analyze");
    const people = await sql<{ id: string }[]>`
      select id from personalization.subjects where not is_session order by id limit ${signedShoppers}`;
    const products = await sql<{ id: string }[]>`
      select id from public.products where status = 'active' and stock > 0 order by id limit 20000`;
    const shoppers = await Promise.all(
      people.map(async ({ id }) => ({
        id,
        token: await userToken(stack.signingKey, { userId: id, expiresInSeconds: 7_200 }),
      })),
    );
    return {
      products: size.products,
      interactions,
      stack,
      shoppers,
      productIds: products.map(({ id }) => id),
      queries,
      [Symbol.asyncDispose]: () => stack[Symbol.asyncDispose](),
    };
  } catch (error) {
    await stack[Symbol.asyncDispose]();
    throw error;
  }
}

/** Wakes a job until its run is over. */
export async function runJob(stack: TestStack, name: string, tell: (line: string) => void): Promise<void> {
  const startedAt = performance.now();
  const scheduledFor = new Date(Math.floor(Date.now() / 60_000) * 60_000).toISOString();
  for (let status = ""; status !== "done";) {
    const response = await stack.call(name, {
      method: "POST",
      headers: { apikey: stack.secretKey, "content-type": "application/json" },
      body: JSON.stringify({ scheduledFor }),
    });
    const answer = await response.json();
    if (!response.ok || answer.status === "exhausted") throw new Error(`Cannot run ${name}: ${JSON.stringify(answer)}`);
    status = answer.status;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  tell(`${name} took ${Math.round((performance.now() - startedAt) / 1_000)} s`);
}

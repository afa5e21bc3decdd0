import type { DemoProduct } from "../../local/demo/demoCatalog.ts";
import { appeal } from "../../local/demo/demoEvents.ts";
import { plantedTaste, type Taste } from "../../local/demo/demoTastes.ts";
import { seedMarket } from "../../local/demo/seedMarket.ts";
import { testStack } from "../../tests/harness/testStack.ts";
import { userToken } from "../../tests/harness/userToken.ts";
import { runJob } from "../personalization/benchMarket.ts";
import { startBenchServer } from "../personalization/benchServer.ts";

/** The market whose shoppers are asked how they like their rows. */
export const rowMarket = { vendors: 20, products: 3_000, shoppers: 600, days: 120, interactions: 60_000, seed: 1 };
const rowLength = 12;

/** Rows of a kind, by the tastes that the shoppers were made with. */
export interface MeasuredRows {
  readonly name: string;
  /** How much a row's products are wanted, beside the shopper's average product. */
  readonly liking: number;
  /** How many shelves a row shows. */
  readonly shelves: number;
}

/** How much each product is wanted by a taste: the average is 1. */
function likings(taste: Taste, products: readonly DemoProduct[]): Map<string, number> {
  const raw = products.map((product) => appeal(taste, product) * (taste.shelves[product.shelf.slug] ?? 0.8));
  const average = raw.reduce((sum, liking) => sum + liking, 0) / raw.length;
  return new Map(products.map(({ id }, place) => [id, raw[place]! / average]));
}

/** Asks for everybody's rows, before any job has run and after. */
export async function measureRows(progress: (line: string) => void): Promise<readonly MeasuredRows[]> {
  await using _server = await startBenchServer();
  await using stack = await testStack();
  const { sql } = stack.database;
  const { catalog, shopperId } = await seedMarket(sql, rowMarket);
  const products = catalog.products.filter(({ stock }) => stock > 0);
  const shelfOf = new Map(products.map(({ id, shelf }) => [id, shelf.slug]));
  const shoppers = await Promise.all(Array.from({ length: rowMarket.shoppers }, async (_, index) => ({
    likes: likings(plantedTaste(rowMarket.seed, index), products),
    token: await userToken(stack.signingKey, { userId: shopperId(index), expiresInSeconds: 7_200 }),
  })));
  type Shopper = typeof shoppers[number];

  async function measure(name: string, rowOf: (shopper: Shopper) => readonly string[] | Promise<readonly string[]>) {
    let [liking, shelves] = [0, 0];
    for (const shopper of shoppers) {
      const row = await rowOf(shopper);
      if (row.length === 0) throw new Error(`Cannot measure '${name}' as a row is empty`);
      liking += row.reduce((sum, id) => sum + (shopper.likes.get(id) ?? 0), 0) / row.length;
      shelves += new Set(row.map((id) => shelfOf.get(id))).size;
    }
    progress(`${name}: ${(liking / shoppers.length).toFixed(2)}`);
    return { name, liking: liking / shoppers.length, shelves: shelves / shoppers.length };
  }
  const asked = (kind: string) => async ({ token }: Shopper): Promise<readonly string[]> => {
    const response = await stack.call("recommendations", {
      query: `?kind=${kind}&limit=${rowLength}`,
      headers: { apikey: stack.publishableKey, authorization: `Bearer ${token}` },
    });
    if (!response.ok) throw new Error(`Cannot ask for '${kind}': ${await response.text()}`);
    const { items } = await response.json() as { items: readonly { product: { id: string } }[] };
    return items.map(({ product }) => product.id);
  };

  const untaught = await measure("`for-you`, nothing learned by a job yet", asked("for-you"));
  await runJob(stack, "personalization-hourly", progress);
  await runJob(stack, "personalization-daily", progress);
  const famous = (await sql<{ id: string }[]>`
    select p.id from public.products p join personalization.interactions i on i.product_id = p.id
    where p.stock > 0 and i.signal = 'add_to_cart'
    group by p.id order by count(distinct i.subject_id) desc, p.id limit ${rowLength}`).map(({ id }) => id);
  const best = ({ likes }: Shopper) =>
    [...likes].sort(([, one], [, other]) => other - one).slice(0, rowLength).map(([id]) => id);
  return [
    await measure("popular, the same for everybody", () => famous),
    await measure("`trending`, weighed by taste", asked("trending")),
    untaught,
    await measure("`for-you`, after the hourly and the daily job", asked("for-you")),
    await measure("the twelve best there are", best),
  ];
}

import type postgres from "postgres";
import { arrayText, copyInto, type CopyValue } from "./copyInto.ts";
import { type DemoCatalog, demoCatalog, type DemoProduct } from "./demoCatalog.ts";
import { type DemoEvent, demoEvents } from "./demoEvents.ts";
import { demoId } from "./demoId.ts";
import { learnMarket } from "./learnMarket.ts";

/** How large a demo is. */
export interface SeedOptions {
  readonly vendors: number;
  readonly products: number;
  readonly shoppers: number;
  readonly days: number;
  readonly seed: number;
  /** About how many events there are. @default 60 a shopper */
  readonly interactions?: number;
  /** When the last day ends. @default midnight, UTC */
  readonly untilMs?: number;
}

/** What was written. */
export interface SeededMarket {
  readonly catalog: DemoCatalog;
  readonly interactions: number;
  /** The shopper with the given number. */
  shopperId(index: number): string;
  /** Who acts for the vendor with the given number; the first three have somebody. */
  ownerId(vendor: number): string;
}

/** What `start` shows: small enough to be there in a moment. */
export const smallDemo: SeedOptions = { vendors: 20, products: 600, shoppers: 60, days: 60, seed: 1 };

/** Fills a database with a market: the same one for the same options. What is there already stays. */
export async function seedMarket(sql: postgres.Sql, options: SeedOptions): Promise<SeededMarket> {
  const { seed, shoppers, days, interactions = shoppers * 60 } = options;
  const untilMs = options.untilMs ?? Math.floor(Date.now() / 86_400_000) * 86_400_000;
  const catalog = demoCatalog(options);
  await writeCatalog(sql, catalog, seed);
  await writePeople(sql, catalog, options);
  await sql`select personalization.ensure_interaction_months(
    ${new Date(untilMs - days * 86_400_000).toISOString()}::date, ${new Date(untilMs).toISOString()}::date)`;
  const [{ strengths }] = await sql<[{ strengths: Strengths }]>`select personalization.default_weights() as strengths`;
  const stock = byShelf(catalog.products);
  const events = demoEvents({ seed, shoppers, days, interactions, untilMs, stock });
  const count = await copyInto(
    sql,
    "personalization.interactions",
    [
      ...["event_id", "occurred_at", "received_at", "subject_id", "signal", "product_id", "vendor_id", "query"],
      ...["position", "results_shown", "quantity", "strength", "context", "raw"],
    ],
    eventRows(events, { catalog, seed, strengths }),
  );
  await learnMarket(sql);
  return {
    catalog,
    interactions: count,
    shopperId: (index) => demoId(seed, "shopper", index),
    ownerId: (vendor) => demoId(seed, "owner", vendor),
  };
}

async function writeCatalog(sql: postgres.Sql, { vendors, categories, products }: DemoCatalog, seed: number) {
  await sql`insert into public.vendors ${
    sql(vendors as never, "id", "slug", "name", "kind", "region")
  } on conflict do nothing`;
  // Some may be there already, under ids of their own.
  for (const { slug, name, parent } of categories) {
    await sql`insert into public.categories (slug, name, parent_id)
      values (${slug}, ${name}, (select id from public.categories where slug = ${parent})) on conflict (slug) do nothing`;
  }
  const idOf = new Map(
    (await sql<{ id: string; slug: string }[]>`select id, slug from public.categories`).map((
      { id, slug },
    ) => [slug, id]),
  );
  const columns = [
    ...["id", "vendor_id", "category_id", "sku", "name", "description", "brand", "attributes", "price", "unit"],
    ...["season_months", "stock", "freshness_days", "rating", "rating_count", "created_at"],
  ];
  const startedAt = Date.UTC(2026, 0, 1) + seed % 100;
  function* rows(): Generator<CopyValue[]> {
    for (const [index, product] of products.entries()) {
      yield [
        product.id,
        vendors[product.vendor]!.id,
        idOf.get(product.shelf.slug)!,
        product.sku,
        product.name,
        `${product.name} by ${product.brand}, from ${vendors[product.vendor]!.name}.`,
        product.brand,
        arrayText(product.attributes),
        product.price,
        product.shelf.unit,
        arrayText(product.shelf.months ?? []),
        product.stock,
        product.freshnessDays,
        product.rating,
        product.ratingCount,
        new Date(startedAt + (index % 300) * 86_400_000).toISOString(),
      ];
    }
  }
  await sql.reserve().then(async (one) => {
    try {
      await one`create temporary table if not exists demo_products (like public.products including defaults)`;
      await copyInto(one as unknown as postgres.Sql, "demo_products", columns, rows());
      // In pieces: each runs its triggers over its own rows.
      await one.unsafe(`do $$ begin
        loop
          with moved as (delete from demo_products where id in (select id from demo_products limit 5000) returning *)
          insert into public.products select * from moved on conflict do nothing;
          exit when not exists (select 1 from demo_products);
        end loop;
      end $$`);
      await one`drop table demo_products`;
    } finally {
      one.release();
    }
  });
}

async function writePeople(sql: postgres.Sql, { vendors }: DemoCatalog, { seed, shoppers }: SeedOptions) {
  const owners = vendors.slice(0, 3).map((_, index) => demoId(seed, "owner", index));
  const people = Array.from({ length: shoppers }, (_, index) => demoId(seed, "shopper", index));
  await sql`insert into auth.users (id, aud, role, email)
    select id::uuid, 'authenticated', 'authenticated', id || '@demo.example' from unnest(${[
    ...owners,
    ...people,
  ]}::text[]) id
    on conflict do nothing`;
  await sql`insert into public.customers (id, display_name)
    select id::uuid, 'Shopper ' || place from unnest(${people}::text[]) with ordinality p(id, place) on conflict do nothing`;
  for (const [index, owner] of owners.entries()) {
    await sql`insert into public.vendor_members (vendor_id, user_id, role) values (${
      vendors[index]!.id
    }, ${owner}, 'owner')
      on conflict do nothing`;
  }
}

function byShelf(products: readonly DemoProduct[]): Map<string, DemoProduct[]> {
  const shelves = new Map<string, DemoProduct[]>();
  for (const product of products) {
    const list = shelves.get(product.shelf.slug) ?? [];
    list.push(product);
    shelves.set(product.shelf.slug, list);
  }
  for (const list of shelves.values()) list.sort((one, other) => other.fame - one.fame);
  return shelves;
}

type Strengths = Readonly<Record<DemoEvent["signal"], number>>;

function* eventRows(
  events: Iterable<DemoEvent>,
  { catalog: { vendors }, seed, strengths }: { catalog: DemoCatalog; seed: number; strengths: Strengths },
): Generator<CopyValue[]> {
  let index = 0;
  for (const event of events) {
    const at = new Date(event.atMs).toISOString();
    yield [
      demoId(seed, "event", index++),
      at,
      at,
      demoId(seed, "shopper", event.shopper),
      event.signal,
      event.product.id,
      vendors[event.product.vendor]!.id,
      event.query,
      event.position,
      event.resultsShown,
      event.quantity,
      strengths[event.signal],
      JSON.stringify(event.context),
      `{"type":"${event.signal}","productId":"${event.product.id}","position":${event.position}}`,
    ];
  }
}

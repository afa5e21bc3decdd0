import type postgres from "postgres";
import type { RecommendationDeps } from "../../supabase/functions/_domains/recommendations/recommendationDeps.ts";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { callerDbOf, userCaller } from "../harness/callerDbOf.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";

/** An id that tells what it is of. */
export const idOf = (kind: string, name: string) => `${hex(kind, 8)}-0000-4000-8000-${hex(name, 12)}`;

function hex(text: string, length: number): string {
  let value = 7n;
  for (const character of text) value = (value * 131n + BigInt(character.charCodeAt(0))) % 16n ** BigInt(length);
  return value.toString(16).padStart(length, "0");
}

/** A product of a small market. */
export interface ShelfProduct {
  readonly name: string;
  readonly category: string;
  readonly vendor?: string;
  readonly attributes?: readonly string[];
  readonly stock?: number;
  readonly status?: "active" | "hidden";
  readonly isExpired?: boolean;
  readonly months?: readonly number[];
  readonly popularity?: number;
  readonly trend?: number;
}

/** Fills a market: categories `dairy` over `milk` and so on are made as they are named: `dairy/milk`. */
export async function stockMarket(
  sql: postgres.Sql,
  products: readonly ShelfProduct[],
  suspended: readonly string[] = [],
): Promise<void> {
  const vendors = [...new Set(products.map(({ vendor = "farm" }) => vendor))];
  await sql`insert into public.vendors ${
    sql(vendors.map((name) => ({
      id: idOf("vendor", name),
      slug: name,
      name: `The ${name}`,
      kind: "farm",
      status: suspended.includes(name) ? "suspended" : "active",
    })))
  }`;
  const paths = [...new Set(products.map(({ category }) => category))];
  const parents = [...new Set(paths.map((path) => path.split("/")[0]!))];
  const category = (slug: string, parent?: string) => ({
    id: idOf("category", slug),
    slug,
    name: slug,
    parent_id: parent === undefined ? null : idOf("category", parent),
  });
  await sql`insert into public.categories ${sql(parents.map((slug) => category(slug)))}`;
  const leaves = paths.flatMap((path) => path.includes("/") ? [category(path.split("/")[1]!, path.split("/")[0])] : []);
  if (leaves.length > 0) await sql`insert into public.categories ${sql(leaves)}`;
  await sql`insert into public.products ${
    sql(products.map((product) => ({
      id: idOf("product", product.name),
      vendor_id: idOf("vendor", product.vendor ?? "farm"),
      category_id: idOf("category", product.category.split("/").at(-1)!),
      sku: product.name,
      name: product.name,
      attributes: [...product.attributes ?? []],
      price: 3,
      stock: product.stock ?? 9,
      status: product.status ?? "active",
      season_months: [...product.months ?? []],
      expires_at: product.isExpired === true ? new Date(0) : null,
    })))
  }`;
  await sql`
    insert into personalization.product_popularity ${
    sql(products.map(({ name, popularity = 0, trend = 0 }) => ({
      product_id: idOf("product", name),
      popularity,
      trend,
    })))
  }`;
}

/** A shopper: a user with a subject. */
export async function addShopper(sql: postgres.Sql, name: string): Promise<string> {
  const id = idOf("user", name);
  await sql`insert into auth.users (id) values (${id})`;
  await sql`insert into personalization.subjects (id) values (${id})`;
  return id;
}

/** What is known of a shopper: evidence for traits, against where it is negative. */
export async function teach(sql: postgres.Sql, subject: string, evidence: Record<string, number>): Promise<void> {
  await sql`insert into personalization.preferences ${
    sql(
      Object.entries(evidence).map(([trait, value]) => ({
        subject_id: subject,
        trait,
        bought: Math.max(0, value),
        against: Math.max(0, -value),
        as_of: new Date(),
        events: 3,
      })),
    )
  }`;
}

/** A shopper buys a product again and again. */
export async function addHabit(
  sql: postgres.Sql,
  subject: string,
  product: string,
  habit: { purchases?: number; quantity?: number; intervalDays?: number | null; daysSince?: number } = {},
): Promise<void> {
  const { purchases = 3, quantity = 1, intervalDays = 7, daysSince = 7 } = habit;
  await sql`
    insert into personalization.habits (subject_id, product_id, purchases, usual_quantity, last_quantity, first_bought_at,
      last_bought_at, interval_days)
    values (${subject}, ${idOf("product", product)}, ${purchases}, ${quantity}, ${quantity}, now() - interval '90 days',
      now() - make_interval(secs => ${daysSince * 86_400}), ${intervalDays})`;
}

/** What recommending needs, for several callers. `settled` waits for what was done after answers. */
export function recommendingFor(database: TestDatabase) {
  const dbs = callerDbOf(database);
  const random = seededRandom(7);
  const work: Promise<unknown>[] = [];
  return {
    as: (caller: Caller | string): RecommendationDeps => ({
      db: dbs.as(typeof caller === "string" ? userCaller(caller) : caller),
      clock: systemClock,
      random,
      waitUntil: (promise) => void work.push(promise),
    }),
    settled: async () => void await Promise.all(work.splice(0)),
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(work);
      await dbs[Symbol.asyncDispose]();
    },
  };
}

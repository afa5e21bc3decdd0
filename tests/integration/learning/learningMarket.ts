import type postgres from "postgres";
import { learnDaily, readDailyProgress } from "../../../supabase/functions/_domains/ml/learnDaily.ts";
import { learnHourly, readHourlyProgress } from "../../../supabase/functions/_domains/ml/learnHourly.ts";
import type { LearningProgress } from "../../../supabase/functions/_domains/ml/learningWindow.ts";
import type { LearningOutcome } from "../../../supabase/functions/_domains/ml/runLearningSteps.ts";
import type { Database } from "../../../supabase/functions/_shared/db/database.ts";
import { postgresJobStore } from "../../../supabase/functions/_shared/jobs/postgresJobStore.ts";
import { type JobResult, runLeasedJob } from "../../../supabase/functions/_shared/jobs/runLeasedJob.ts";
import { seededRandom } from "../../../supabase/functions/_shared/random/seededRandom.ts";
import { addCategory, addProduct, addUser, addVendor } from "../../harness/marketOf.ts";
import type { JobDatabase } from "../jobs/jobDatabase.ts";

/** Names of the categories; shopper s likes the one at s % 4. */
export const categorySlugs = ["milk", "bread", "cheese", "fruit"] as const;

/** A number as the end of a uuid. */
export const idOf = (kind: "product" | "subject", no: number) =>
  `${kind === "product" ? "0a" : "0b"}000000-0000-4000-8000-${no.toString(16).padStart(12, "0")}`;

interface Event {
  readonly subject: number;
  readonly product: number;
  readonly signal: string;
  readonly strength: number;
  readonly daysAgo: number;
  readonly zone?: string;
}

const strengths: Readonly<Record<string, number>> = { click: 0.2, add_to_cart: 0.5, purchase: 0.8, bulk_purchase: 1.2 };

/** Writes interactions as tracking does, as far as batch learning reads them. */
export async function addEvents(sql: postgres.Sql, events: readonly Event[]): Promise<void> {
  const rows = events.map((event) => ({
    subject: idOf("subject", event.subject),
    product: idOf("product", event.product),
    signal: event.signal,
    strength: event.strength,
    days: event.daysAgo,
    context: event.zone === undefined ? {} : { timeZone: event.zone },
  }));
  await sql`
    insert into personalization.interactions (event_id, occurred_at, received_at, subject_id, signal, product_id, strength, context, raw)
    select gen_random_uuid(), now() - e.days * interval '1 day', now() - interval '5 minutes', e.subject, e.signal, e.product,
      e.strength, e.context, '{}'
    from json_to_recordset(${JSON.stringify(rows)}::text::json)
      e(subject uuid, product uuid, signal text, strength real, days real, context jsonb)`;
}

/**
 * Forty products of four categories, and 120 shoppers who each like one category: product n is bought together with n + 4 of the
 * same category. The same each time.
 */
export async function plantLearningMarket(sql: postgres.Sql): Promise<void> {
  const { next } = seededRandom(11);
  const vendorId = await addVendor(sql);
  await addCategory(sql, "food");
  const categories = [];
  for (const slug of categorySlugs) categories.push(await addCategory(sql, slug, "food"));
  for (let no = 0; no < 40; no++) {
    await addProduct(sql, { id: idOf("product", no), vendorId, categoryId: categories[no % 4]!, price: 1 + no });
  }
  const events: Event[] = [];
  const orders: { subject: number; daysAgo: number; products: number[] }[] = [];
  for (let subject = 0; subject < 120; subject++) {
    await addUser(sql, idOf("subject", subject));
    const own = () => {
      const no = 4 * Math.floor(10 * next() ** 2) + subject % 4;
      return no < 40 ? no : subject % 4;
    };
    for (let basket = 0; basket < 4; basket++) {
      const daysAgo = 2 + basket * 7 + next();
      const first = own();
      const products = [...new Set([first, (first + 4) % 40, next() < 0.3 ? Math.floor(next() * 40) : own()])];
      orders.push({ subject, daysAgo, products });
      for (const product of products) {
        events.push({ subject, product, signal: "click", strength: 0.2, daysAgo: daysAgo + 0.01 });
        events.push({
          subject,
          product,
          signal: "purchase",
          strength: strengths.purchase!,
          daysAgo: daysAgo + next() / 100,
        });
      }
    }
  }
  await sql`
    insert into public.customers (id) select s.id from json_array_elements_text(
      ${JSON.stringify(Array.from({ length: 120 }, (_, no) => idOf("subject", no)))}::text::json) u(id)
    join auth.users s on s.id = u.id::uuid on conflict do nothing`;
  await sql`
    insert into personalization.subjects (id, created_at, last_event_at)
    select c.id, now() - interval '100 days', now() from public.customers c on conflict do nothing`;
  const rows = orders.map(({ subject, daysAgo, products }, no) => ({
    id: `0c000000-0000-4000-8000-${no.toString(16).padStart(12, "0")}`,
    customer: idOf("subject", subject),
    days: daysAgo,
    products: products.map((product) => idOf("product", product)),
  }));
  await sql`
    with given as (
      select * from json_to_recordset(${
    JSON.stringify(rows)
  }::text::json) o(id uuid, customer uuid, days real, products uuid[])
    ), placed as (
      insert into public.orders (id, customer_id, vendor_id, total, placed_at)
      select g.id, g.customer, ${vendorId}, 10, now() - g.days * interval '1 day' from given g
    )
    insert into public.order_items (order_id, product_id, quantity, unit_price)
    select g.id, p.id, 1, 1 from given g cross join lateral unnest(g.products) p(id)`;
  await addEvents(sql, events);
  await sql`
    insert into personalization.preferences as kept (subject_id, trait, bought, as_of)
    select i.subject_id, 'category:' || c.slug, count(*), now() - interval '1 hour' from personalization.interactions i
    join public.products p on p.id = i.product_id join public.categories c on c.id = p.category_id
    where i.signal = 'purchase' group by 1, 2 on conflict do nothing`;
}

const jobs = {
  "personalization-hourly": { work: learnHourly, readProgress: readHourlyProgress },
  "personalization-daily": { work: learnDaily, readProgress: readDailyProgress },
} as const;

/** Wakes a job, as the scheduler does, and lets it work until it is done or `mostChunks` have been. */
export async function wakeLearning(
  { admin }: Pick<JobDatabase, "admin">,
  job: keyof typeof jobs,
  options: { scheduledFor?: Date; mostChunks?: number; admin?: Database } = {},
): Promise<JobResult<LearningProgress, LearningOutcome>> {
  const { mostChunks = Infinity } = options;
  let chunks = 0;
  const deadline = {
    signal: new AbortController().signal,
    remainingMs: () => 60_000,
    shouldYield: () => ++chunks >= mostChunks,
  };
  const { work, readProgress } = jobs[job];
  return await runLeasedJob<LearningProgress, LearningOutcome>({
    store: postgresJobStore(admin.sql),
    job,
    deadline,
    readProgress,
    work: (chunk) => work(chunk, { admin: options.admin ?? admin }),
    ...(options.scheduledFor === undefined ? {} : { scheduledFor: options.scheduledFor }),
  });
}

/** A database whose runner is killed before, or right after, its transaction number `commits` + 1 commits. */
export function dying(admin: Database, commits: number, isAfter = false): Database {
  let left = commits;
  return {
    sql: admin.sql,
    call: admin.call,
    async transaction(work, options) {
      const isLast = left-- <= 0;
      const result = await admin.transaction(async (sql) => {
        const result = await work(sql);
        if (isLast && !isAfter) throw new Error("killed");
        return result;
      }, options);
      if (isLast) throw new Error("killed");
      return result;
    },
  };
}

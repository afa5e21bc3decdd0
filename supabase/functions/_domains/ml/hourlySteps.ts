import type { SqlTag } from "../../_shared/db/database.ts";
import type { HourlySettings } from "./hourlySettings.ts";
import { estimatePropensities } from "./positionPropensity.ts";
import type { LearningStep } from "./runLearningSteps.ts";
import { assignTastes, trainTastes } from "./tasteSteps.ts";

/** Lists and places that the bias of places is estimated from. */
const propensityLists = { days: 28, most: 20_000, positions: 40 } as const;
const associationBuckets = 8;
const segmentKinds = ["everyone", "behaviour", "taste"] as const;

type Step = LearningStep<HourlySettings>;

const collect: Step = {
  name: "collect",
  async run(sql, { from, until }, { popularityDays }) {
    const [row] = await sql<{ subjects: string; days: string }>`
      select * from personalization.collect_changes(${from}::text::timestamptz, ${until}::text::timestamptz,
        ${popularityDays}::integer)`;
    return { count: Number(row?.subjects ?? 0) };
  },
};

const positions: Step = {
  name: "positions",
  async run(sql, { until }) {
    const { days, most, positions } = propensityLists;
    const counts = await sql<{ item: string; position: number; views: string; clicks: string }>`
      select * from personalization.position_counts(${until}::text::timestamptz, ${days}::integer, ${most}::integer,
        ${positions}::integer)`;
    const found = estimatePropensities(counts.map(({ item, position, views, clicks }) => ({
      item: Number(item),
      position,
      views: Number(views),
      clicks: Number(clicks),
    })));
    if (found.length === 0) return { count: 0 };
    await sql`
      insert into personalization.position_propensities as p (position, propensity, views, clicks, updated_at)
      select f.position, f.propensity, f.views, f.clicks, ${until}::text::timestamptz
      from jsonb_to_recordset(${JSON.stringify(found)}::text::jsonb)
        f(position smallint, propensity real, views bigint, clicks bigint)
      on conflict (position) do update set propensity = excluded.propensity, views = excluded.views,
        clicks = excluded.clicks, updated_at = excluded.updated_at`;
    return { count: found.length };
  },
};

/** One day a chunk, the oldest first. */
const days: Step = {
  name: "days",
  async run(sql, { until, cursor }) {
    const [row] = await sql<{ day: string; rows: number }>`
      select d.day::text as day, personalization.count_product_day(d.day, ${until}::text::timestamptz) as rows
      from (select c.day from personalization.changed_days c
        where c.day > coalesce(${cursor === null ? null : String(cursor)}::text::date, '-infinity')
        order by c.day limit 1) d`;
    return row === undefined ? { count: 0 } : { cursor: row.day, count: row.rows };
  },
};

const popularity: Step = {
  name: "popularity",
  async run(sql, { until }, { popularityDays }) {
    return {
      count: await countOf(sql<{ count: number }>`
        select personalization.rank_products(${until}::text::timestamptz, ${popularityDays}::integer) as count`),
    };
  },
};

const baskets: Step = {
  name: "baskets",
  async run(sql, { until }, { associationDays }) {
    return { count: await collectBaskets(sql, until, associationDays) };
  },
};

const associations: Step = {
  name: "associations",
  async run(sql, { until, cursor, counts }, { associationDays, leastBaskets }) {
    // The baskets are not in the write-ahead log: a server that crashed has lost them.
    const [left] = await sql<{ is_there: boolean }>`
      select exists (select 1 from recommendations.basket_items) as is_there`;
    if (left?.is_there === false && (counts.baskets ?? 0) > 0) await collectBaskets(sql, until, associationDays);
    const bucket = Number(cursor ?? 0);
    const count = await countOf(sql<{ count: number }>`
      select recommendations.associate_products(${until}::text::timestamptz, ${leastBaskets}::integer, ${bucket}::integer,
        ${associationBuckets}::integer) as count`);
    return { count, cursor: bucket + 1 < associationBuckets ? bucket + 1 : undefined };
  },
};

function collectBaskets(sql: SqlTag, until: string, days: number): Promise<number> {
  return countOf(sql<{ count: number }>`
    select recommendations.collect_baskets(${until}::text::timestamptz - make_interval(days => ${days}::integer),
      ${until}::text::timestamptz) as count`);
}

const subjects: Step = {
  name: "subjects",
  async run(sql, { until, cursor }, settings) {
    const ids = (await sql<{ id: string }>`
      select c.subject_id as id from personalization.changed_subjects c
      where c.subject_id > coalesce(${cursor === null ? null : String(cursor)}::text::uuid,
        '00000000-0000-0000-0000-000000000000')
      order by c.subject_id limit ${settings.chunkSubjects}::integer`).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return { count: 0 };
    await sql`
      select personalization.learn_behaviours(${ids}::uuid[], ${until}::text::timestamptz),
        personalization.learn_moments(${ids}::uuid[], ${until}::text::timestamptz,
          ${settings.momentDays}::integer),
        personalization.note_preferences(${ids}::uuid[], ${until}::text::timestamptz,
          ${settings.snapshotTraits}::integer)`;
    return { count: ids.length, cursor: last };
  },
};

const favourites: Step = {
  name: "favourites",
  async run(sql, { until, cursor }, { leastSubjects }) {
    const place = Number(cursor ?? 0);
    const kind = segmentKinds[place];
    if (kind === undefined) {
      return {
        count: await countOf(sql<{ count: number }>`
          select personalization.learn_segment_moments(${until}::text::timestamptz, ${leastSubjects}::integer) as count`),
      };
    }
    const count = await countOf(sql<{ count: number }>`
      select personalization.learn_favourites(${kind}, ${until}::text::timestamptz, ${leastSubjects}::integer) as count`);
    return { count, cursor: place + 1 };
  },
};

const tidy: Step = {
  name: "tidy",
  async run(sql, { until }, { snapshotMonths }) {
    const count = await countOf(sql<{ count: number }>`
      select personalization.forget_learned(${until}::text::timestamptz, ${snapshotMonths}::integer) as count`);
    await sql`
      with subjects as (delete from personalization.changed_subjects), days as (delete from personalization.changed_days)
      delete from recommendations.basket_items`;
    return { count };
  },
};

async function countOf(rows: Promise<{ count: number }[]>): Promise<number> {
  return (await rows)[0]?.count ?? 0;
}

/** The steps of hourly learning, in their order. */
export const hourlySteps: readonly Step[] = [
  collect,
  positions,
  days,
  popularity,
  baskets,
  associations,
  subjects,
  trainTastes,
  assignTastes,
  favourites,
  tidy,
];

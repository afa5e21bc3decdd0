import type { DailySettings } from "./dailySettings.ts";
import { gatherHistories, openModel, packProducts, tieProducts } from "./gatherSteps.ts";
import type { LearningStep } from "./runLearningSteps.ts";
import { settleModel, solveBlocks, testModel, tuneLambda } from "./trainSteps.ts";

type Step = LearningStep<DailySettings>;

const prices: Step = {
  name: "prices",
  async run(sql) {
    const [row] = await sql<{ count: number }>`select personalization.rank_prices() as count`;
    return { count: row?.count ?? 0 };
  },
};

const sensitivities: Step = {
  name: "sensitivities",
  async run(sql, { until, cursor }, { chunkSubjects, modelDays }) {
    const ids = (await sql<{ id: string }>`
      select s.id from personalization.subjects s
      where s.id > coalesce(${
      cursor === null ? null : String(cursor)
    }::text::uuid, '00000000-0000-0000-0000-000000000000')
        and s.opted_out_at is null
      order by s.id limit ${chunkSubjects * 2}::integer`).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return { count: 0 };
    const [row] = await sql<{ count: number }>`
      select personalization.learn_price_sensitivities(${ids}::uuid[], ${until}::text::timestamptz,
        ${modelDays}::integer) as count`;
    return { count: row?.count ?? 0, cursor: last };
  },
};

const relations: Step = {
  name: "relations",
  async run(sql, { until }, { relationDays, leastBaskets }) {
    const [row] = await sql<{ count: number }>`
      select recommendations.relate_categories(
        ${until}::text::timestamptz - make_interval(days => ${relationDays}::integer), ${until}::text::timestamptz,
        ${leastBaskets}::integer) as count`;
    return { count: row?.count ?? 0 };
  },
};

const seasons: Step = {
  name: "seasons",
  async run(sql, { until }, { leastSeasonal }) {
    const [row] = await sql<{ count: number }>`
      select personalization.learn_seasons(${until}::text::timestamptz, ${leastSeasonal}::integer) as count`;
    return { count: row?.count ?? 0 };
  },
};

/** The steps of daily learning, in their order. */
export const dailySteps: readonly Step[] = [
  prices,
  sensitivities,
  relations,
  seasons,
  openModel,
  gatherHistories,
  tieProducts,
  packProducts,
  tuneLambda,
  solveBlocks,
  testModel,
  settleModel,
];

import { raiseAlert, resolveAlert } from "../../_shared/alerts/raiseAlert.ts";
import type { SqlTag } from "../../_shared/db/database.ts";
import { haloOf } from "./blocksWithHalos.ts";
import type { DailySettings } from "./dailySettings.ts";
import { blockShape, versionOf } from "./gatherSteps.ts";
import { joinAcross } from "./joinAcross.ts";
import { addCases, type CasePlace, judgeTraining, noTests, type TestSums } from "./judgeTraining.ts";
import type { NeighbourList } from "./neighbourLists.ts";
import type { LearningStep } from "./runLearningSteps.ts";
import { type ItemBlock, solveBlock } from "./solveBlock.ts";
import { readTrainingMatrix, type TrainingMatrix } from "./trainingMatrix.ts";
import { type HeldOutCase, tuneBlock } from "./tuneBlock.ts";

/** Blocks that lambda is chosen on, blocks a chunk solves, and cases a chunk judges. */
const chunkOf = { tunedBlocks: 8, solvedBlocks: 4, judgedCases: 200 } as const;

/** The alert that tells of a version that was not good enough. */
const alertKey = "model_rejected:item-model";

interface BlockRow {
  readonly no: number;
  readonly items: number[];
}

/** Chooses lambda on what was kept for validation, in the blocks that most subjects want something of: one a chunk. */
export const tuneLambda: LearningStep<DailySettings> = {
  name: "lambda",
  async run(sql, progress, { lambdas }) {
    const version = versionOf(progress);
    const place = Number(progress.cursor ?? 0);
    const gains = (progress.notes.gains as number[] | undefined) ?? lambdas.map(() => 0);
    const [row] = await sql<BlockRow>`
      select b.no, b.items from recommendations.model_blocks b where b.version = ${version}::integer
      order by b.subjects desc, b.no offset ${place}::integer limit 1`;
    if (row === undefined || place >= chunkOf.tunedBlocks) {
      // Ties, and no cases at all, go to the stronger one: it errs towards what is common.
      const best = gains.reduce((best, gain, at) => gain >= gains[best]! ? at : best, 0);
      return { count: 0, notes: { lambda: lambdas[best]! } };
    }
    const matrix = await readTrainingMatrix(sql, version);
    const [block] = openBlock(matrix, row.items);
    const cases = await readCases(sql, version, row.items);
    const found = tuneBlock(matrix.bySubject, matrix.byItem, block, cases, lambdas);
    return { count: cases.length, cursor: place + 1, notes: { gains: gains.map((gain, at) => gain + found[at]!) } };
  },
};

/** Solves some blocks a chunk and keeps the neighbours of their products. */
export const solveBlocks: LearningStep<DailySettings> = {
  name: "solve",
  async run(sql, progress) {
    const version = versionOf(progress);
    const lambda = Number(progress.notes.lambda);
    const from = Number(progress.cursor ?? 0);
    const rows = await sql<BlockRow>`
      select b.no, b.items from recommendations.model_blocks b
      where b.version = ${version}::integer and b.no >= ${from}::integer order by b.no limit ${chunkOf.solvedBlocks}::integer`;
    const last = rows.at(-1);
    if (last === undefined) return { count: 0 };
    const matrix = await readTrainingMatrix(sql, version);
    const lists = rows.flatMap(({ items }) => {
      const [block, nearest] = openBlock(matrix, items);
      const solved = solveBlock(matrix.bySubject, matrix.byItem, block, { lambda });
      const joined = joinAcross(solved, (item) => nearest.get(item), new Set([...block.core, ...block.halo]));
      return [...joined].map(([no, { items, weights }]) => ({ no, items, weights: weights.map(rounded) }));
    });
    const [kept] = await sql<{ count: number }>`
      select recommendations.keep_neighbours(${version}::integer, ${JSON.stringify(lists)}::text::jsonb) as count`;
    return { count: kept?.count ?? 0, cursor: last.no + 1 };
  },
};

/** Judges the version, popularity and the active version on what was kept for the test. */
export const testModel: LearningStep<DailySettings> = {
  name: "test",
  async run(sql, progress) {
    const version = versionOf(progress);
    const from = Number(progress.cursor ?? 0);
    const [next] = await sql<{ from: number | null; to: number | null }>`
      select min(c.no) as from, max(c.no) + 1 as to from (
        select c.no from recommendations.model_cases c
        where c.version = ${version}::integer and c.part = 'test' and c.no >= ${from}::integer
        order by c.no limit ${chunkOf.judgedCases}::integer) c`;
    if (next === undefined || next.from === null || next.to === null) return { count: 0 };
    const [active] = await sql<{ version: string; started_at: Date }>`
      select m.version, m.started_at from recommendations.item_models m where m.status = 'active'`;
    const judge = (model: number) =>
      sql<CasePlace>`
        select * from recommendations.judge_model(${version}::integer, ${model}::integer, ${next.from}::integer,
          ${next.to}::integer)`;
    const fresh = await judge(version);
    const popularity = await sql<CasePlace>`
      select * from recommendations.judge_popularity(${version}::integer, ${next.from}::integer, ${next.to}::integer)`;
    const sums = addCases((progress.notes.test as TestSums | undefined) ?? noTests, {
      fresh,
      popularity,
      active: active === undefined ? [] : await judge(Number(active.version)),
      activeSince: active?.started_at,
    });
    return { count: fresh.length, cursor: next.to, notes: { test: sums } };
  },
};

/** Takes the version live or rejects it; the latter is an alert, until one goes live again. */
export const settleModel: LearningStep<DailySettings> = {
  name: "settle",
  async run(sql, progress, { leastCases }) {
    const version = versionOf(progress);
    // A runner that died after this step had landed does it again.
    const [state] = await sql<{ status: string; has_active: boolean }>`
      select m.status, exists (select 1 from recommendations.item_models a where a.status = 'active') as has_active
      from recommendations.item_models m where m.version = ${version}::integer`;
    if (state?.status !== "training") return { count: 0 };
    const { isGood, reason, metrics } = judgeTraining((progress.notes.test as TestSums | undefined) ?? noTests, {
      leastCases,
      hasActive: state.has_active,
      products: Number(progress.notes.products ?? 0),
    });
    const kept = { ...metrics, lambda: Number(progress.notes.lambda ?? 0), reason };
    await sql`select recommendations.settle_model(${version}::integer, ${isGood}::boolean, ${kept}::jsonb)`;
    if (isGood) await resolveAlert(sql, alertKey, "personalization-daily", "A version went live");
    else if (reason === "worse_than_popularity" || reason === "worse_than_active") {
      const title = `Version ${version} of the item-item model was rejected: ${reason.replaceAll("_", " ")}`;
      await raiseAlert(sql, {
        key: alertKey,
        severity: "warning",
        title,
        detail: kept,
        ref: "job:personalization-daily",
      });
    }
    return { count: isGood ? 1 : 0, notes: { verdict: reason } };
  },
};

function openBlock(
  { nearestTo }: TrainingMatrix,
  core: readonly number[],
): [ItemBlock, ReadonlyMap<number, NeighbourList>] {
  const nearest = new Map(core.map((item) => [item, nearestTo(item, 50)]));
  return [{ core, halo: haloOf(core, (item) => nearest.get(item), blockShape.halo) }, nearest];
}

/** Cases of validation that want one of `items`, by the numbers of the training. */
async function readCases(sql: SqlTag, version: number, items: readonly number[]): Promise<HeldOutCase[]> {
  const rows = await sql<{ history: number[]; weights: number[]; wanted: number }>`
    select wanted.no as wanted, array_agg(m.no order by h.place) as history, array_agg(h.weight order by h.place) as weights
    from recommendations.model_cases c
    join recommendations.model_items wanted on wanted.version = c.version and wanted.product_id = c.wanted
    cross join lateral unnest(c.history, c.weights) with ordinality h(product_id, weight, place)
    join recommendations.model_items m on m.version = c.version and m.product_id = h.product_id
    where c.version = ${version}::integer and c.part = 'validation' and wanted.no = any (${items}::integer[])
    group by c.no, wanted.no order by c.no limit 200`;
  return rows.map(({ history, weights, wanted }) => ({ history: { items: history, weights }, wanted }));
}

function rounded(weight: number): number {
  return Number(weight.toPrecision(5));
}

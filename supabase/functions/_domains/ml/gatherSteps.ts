import type { DailySettings } from "./dailySettings.ts";
import type { ItemTie } from "./packBlocks.ts";
import { packBlocks } from "./packBlocks.ts";
import type { LearningStep } from "./runLearningSteps.ts";
import { readTrainingMatrix } from "./trainingMatrix.ts";

/** Products solved together, those solved along with them, and the nearest ones that tie a product to others. */
export const blockShape = { core: 100, halo: 250, ties: 3 } as const;

const itemsAChunk = 2_500;

/** The version a run trains. */
export function versionOf({ notes }: { readonly notes: Readonly<Record<string, unknown>> }): number {
  const { version } = notes;
  if (typeof version !== "number") throw new Error("Cannot go on training as the cursor names no version");
  return version;
}

/** Opens a version and numbers its products. */
export const openModel: LearningStep<DailySettings> = {
  name: "products",
  async run(sql, { until }, { modelDays, mostProducts, mostOfSubject, lambdas }) {
    const settings = { modelDays, mostProducts, mostOfSubject, lambdas, block: blockShape };
    const [opened] = await sql<{ version: string }>`
      select recommendations.open_model(${settings}::jsonb, ${until}::text::timestamptz) as version`;
    const version = Number(opened?.version);
    const [row] = await sql<{ count: number }>`
      select recommendations.gather_model_items(${version}::integer, ${until}::text::timestamptz, ${modelDays}::integer,
        ${mostProducts}::integer) as count`;
    return { count: row?.count ?? 0, notes: { version, products: row?.count ?? 0, histories: 0 } };
  },
};

/** Packs what subjects wanted, some hundreds of subjects a chunk. */
export const gatherHistories: LearningStep<DailySettings> = {
  name: "histories",
  async run(sql, progress, { modelDays, mostOfSubject, chunkSubjects }) {
    const { until, cursor, notes } = progress;
    const ids = (await sql<{ id: string }>`
      select s.id from personalization.subjects s
      where s.id > coalesce(${
      cursor === null ? null : String(cursor)
    }::text::uuid, '00000000-0000-0000-0000-000000000000')
        and s.opted_out_at is null and s.merged_into is null
      order by s.id limit ${chunkSubjects * 2}::integer`).map(({ id }) => id);
    const last = ids.at(-1);
    if (last === undefined) return { count: 0 };
    const before = Number(notes.histories ?? 0);
    const [row] = await sql<{ count: number }>`
      select recommendations.gather_model_histories(${versionOf(progress)}::integer, ${ids}::uuid[],
        ${until}::text::timestamptz, ${modelDays}::integer, ${mostOfSubject}::integer, ${before}::integer) as count`;
    const count = row?.count ?? 0;
    return { count, cursor: last, notes: { histories: before + count } };
  },
};

/** Finds the few products each is tied to most, some thousands of products a chunk. */
export const tieProducts: LearningStep<DailySettings> = {
  name: "ties",
  async run(sql, progress) {
    const version = versionOf(progress);
    const { bySubject, nearestTo } = await readTrainingMatrix(sql, version);
    const from = Number(progress.cursor ?? 0);
    const to = Math.min(from + itemsAChunk, bySubject.itemCount);
    const rows = Array.from({ length: to - from }, (_, at) => {
      const { items, weights } = nearestTo(from + at, blockShape.ties);
      return { no: from + at, ties: items, tie_weights: weights };
    });
    await sql`
      update recommendations.model_items m set ties = t.ties, tie_weights = t.tie_weights
      from jsonb_to_recordset(${JSON.stringify(rows)}::text::jsonb) t(no integer, ties integer[], tie_weights real[])
      where m.version = ${version}::integer and m.no = t.no`;
    return { count: to - from, cursor: to < bySubject.itemCount ? to : undefined };
  },
};

/** Parts the products into blocks. */
export const packProducts: LearningStep<DailySettings> = {
  name: "blocks",
  async run(sql, progress) {
    const version = versionOf(progress);
    const rows = await sql<{ no: number; ties: number[]; tie_weights: number[]; subjects: number }>`
      select m.no, m.ties, m.tie_weights, m.subjects from recommendations.model_items m
      where m.version = ${version}::integer order by m.no`;
    const ties: ItemTie[] = [];
    for (const { no, ties: others, tie_weights } of rows) {
      others.forEach((other, at) => ties.push({ one: no, other, weight: tie_weights[at]! }));
    }
    const blocks = packBlocks(rows.map(({ no }) => no), ties, blockShape.core).map((items, no) => ({
      no,
      items,
      subjects: items.reduce((sum, item) => sum + (rows[item]?.subjects ?? 0), 0),
    }));
    await sql`
      insert into recommendations.model_blocks (version, no, items, subjects)
      select ${version}::integer, b.no, b.items, b.subjects
      from jsonb_to_recordset(${JSON.stringify(blocks)}::text::jsonb) b(no integer, items integer[], subjects bigint)`;
    return { count: blocks.length };
  },
};

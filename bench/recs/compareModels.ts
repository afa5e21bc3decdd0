import { blocksWithHalos } from "../../supabase/functions/_domains/ml/blocksWithHalos.ts";
import { closedFormWeights } from "../../supabase/functions/_domains/ml/closedFormWeights.ts";
import { cosineNeighbours } from "../../supabase/functions/_domains/ml/cosineNeighbours.ts";
import {
  type InteractionMatrix,
  packHistories,
  type SubjectHistory,
  transposeMatrix,
} from "../../supabase/functions/_domains/ml/interactionMatrix.ts";
import { joinAcross } from "../../supabase/functions/_domains/ml/joinAcross.ts";
import type { NeighbourList } from "../../supabase/functions/_domains/ml/neighbourLists.ts";
import { RankingJudge, type RankingQuality } from "../../supabase/functions/_domains/ml/rankingQuality.ts";
import { scoreHistory } from "../../supabase/functions/_domains/ml/scoreHistory.ts";
import { gramOf, solveBlock } from "../../supabase/functions/_domains/ml/solveBlock.ts";

/** One side of the comparison. */
export interface ComparedModel {
  readonly name: string;
  readonly lambda: number | undefined;
  readonly quality: RankingQuality;
  readonly trainedMs: number;
}

/** Gives the ten best for a history. */
type Ranker = (history: SubjectHistory) => readonly number[];

interface Training {
  readonly bySubject: InteractionMatrix;
  readonly byItem: InteractionMatrix;
  readonly histories: readonly SubjectHistory[];
}

/** Columns of a full model that a machine inverts in seconds. */
const mostItemsOfFull = 3_000;
const lambdas = [20, 60, 200, 600, 2_000];

/**
 * Compares models on what each subject wanted last: the last but one chooses lambda, the last is the test, and neither is
 * seen in training.
 */
export function compareModels(
  itemCount: number,
  histories: readonly SubjectHistory[],
  progress: (line: string) => void,
): ComparedModel[] {
  const training = trainOn(itemCount, histories.map(({ items }) => ({ items: Array.from(items).slice(0, -2) })));
  const cases = (skip: number) =>
    histories.map(({ items }) => {
      const all = Array.from(items);
      return { history: { items: all.slice(0, -skip) }, wanted: all.at(-skip)! };
    });
  const [validation, test] = [cases(2), cases(1)];
  const compared: ComparedModel[] = [];
  const compare = (name: string, choices: readonly (number | undefined)[], fit: (lambda: number) => Ranker) => {
    let best: { lambda: number | undefined; ranker: Ranker; ndcg: number; ms: number } | undefined;
    for (const lambda of choices) {
      const startedAt = performance.now();
      const ranker = fit(lambda ?? 0);
      const ms = performance.now() - startedAt;
      const { ndcg } = judge(ranker, validation, itemCount);
      if (best === undefined || ndcg > best.ndcg) best = { lambda, ranker, ndcg, ms };
    }
    if (best === undefined) return;
    const quality = judge(best.ranker, test, itemCount);
    progress(`${name}: NDCG@10 ${quality.ndcg.toFixed(4)}, lambda ${best.lambda ?? "-"}, ${best.ms.toFixed(0)} ms`);
    compared.push({ name, lambda: best.lambda, quality, trainedMs: best.ms });
  };
  compare("popularity", [undefined], () => popularity(training));
  compare("item-kNN (cosine)", [0, 5, 20], (shrinkage) => {
    const nearestTo = cosineNeighbours(training.bySubject, training.byItem, { shrinkage });
    const lists = Array.from({ length: itemCount }, (_, item) => nearestTo(item, 50));
    return byNeighbours((item) => lists[item]);
  });
  if (itemCount <= mostItemsOfFull) {
    const gram = gramOf(training.bySubject, training.byItem, Array.from({ length: itemCount }, (_, item) => item));
    compare("EASE, full", lambdas, (lambda) => dense(closedFormWeights(gram, itemCount, lambda), itemCount));
  }
  const nearestTo = cosineNeighbours(training.bySubject, training.byItem);
  const nearest = Array.from({ length: itemCount }, (_, item) => nearestTo(item, 50));
  const order = Array.from({ length: itemCount }, (_, item) => item);
  for (const [name, coreSize, haloSize] of [["blocks of 350 alone", 350, 0], ["the job's blocks", 100, 250]] as const) {
    const blocks = blocksWithHalos(order, (item) => nearest[item], { coreSize, haloSize, tiesEach: 3 });
    compare(name, lambdas, (lambda) => {
      const lists = new Map<number, NeighbourList>();
      for (const block of blocks) {
        const solved = solveBlock(training.bySubject, training.byItem, block, { lambda });
        const within = new Set([...block.core, ...block.halo]);
        const joined = haloSize === 0 ? solved : joinAcross(solved, (item) => nearest[item], within);
        for (const [item, list] of joined) lists.set(item, list);
      }
      return byNeighbours((item) => lists.get(item));
    });
  }
  return compared;
}

function trainOn(itemCount: number, histories: readonly SubjectHistory[]): Training {
  const bySubject = packHistories(itemCount, histories);
  return { bySubject, byItem: transposeMatrix(bySubject), histories };
}

function judge(
  ranker: Ranker,
  cases: readonly { history: SubjectHistory; wanted: number }[],
  itemCount: number,
): RankingQuality {
  const judge = new RankingJudge();
  for (const { history, wanted } of cases) judge.judge(ranker(history), wanted);
  return judge.quality(itemCount);
}

function popularity({ byItem }: Training): Ranker {
  const count = (item: number) => byItem.starts[item + 1]! - byItem.starts[item]!;
  const ranked = Array.from({ length: byItem.starts.length - 1 }, (_, item) => item)
    .sort((a, b) => count(b) - count(a) || a - b);
  return ({ items }) => {
    const known = new Set(Array.from(items));
    const top: number[] = [];
    for (const item of ranked) {
      if (!known.has(item)) top.push(item);
      if (top.length === 10) break;
    }
    return top;
  };
}

function byNeighbours(neighboursOf: (item: number) => NeighbourList | undefined): Ranker {
  return (history) => scoreHistory(history, neighboursOf, 10).items;
}

function dense(weights: Float64Array, size: number): Ranker {
  return ({ items }) => {
    const scores = new Float64Array(size);
    const own = Array.from(items);
    for (const item of own) {
      const row = weights.subarray(item * size, item * size + size);
      for (let other = 0; other < size; other++) scores[other]! += row[other]!;
    }
    for (const item of own) scores[item] = -Infinity;
    const top: number[] = [];
    for (let item = 0; item < size; item++) {
      const score = scores[item]!;
      if (top.length === 10 && score <= scores[top[9]!]!) continue;
      let place = top.length;
      while (place > 0 && scores[top[place - 1]!]! < score) place -= 1;
      top.splice(place, 0, item);
      if (top.length > 10) top.pop();
    }
    return top;
  };
}

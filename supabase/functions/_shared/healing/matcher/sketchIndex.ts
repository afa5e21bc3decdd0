import type { ValueProfile } from "./valueProfile.ts";

/** What two columns' values have in common, each figure in 0..1. */
export interface SketchOverlap {
  /** Share of one side's whole values that the other has too; the better of both directions. */
  wholes: number;
  /** Share of values written alike. */
  patterns: number;
  /** Cosine of the words. */
  words: number;
}

type Postings = Map<number, { readonly source: number; readonly share: number }[]>;

/**
 * Finds what a target's values share with every source at once: 700 targets cost one pass over their values,
 * where comparing all pairs of sketches took 80 ms.
 */
export class SketchIndex {
  readonly #wholes: Postings;
  readonly #patterns: Postings;
  readonly #words: Postings;
  readonly #wordNorms: readonly number[];

  constructor(sources: readonly ValueProfile[]) {
    this.#wholes = post(sources.map((source) => source.wholes));
    this.#patterns = post(sources.map((source) => source.patterns));
    this.#words = post(sources.map((source) => source.words));
    this.#wordNorms = sources.map((source) => normOf(source.words));
  }

  /** The overlap of one target with each source. */
  overlapsWith(target: ValueProfile): SketchOverlap[] {
    const count = this.#wordNorms.length;
    const found = new Float64Array(count);
    const foundBack = new Float64Array(count);
    visit(this.#wholes, target.wholes, (source, mine, theirs) => {
      found[source]! += mine;
      foundBack[source]! += theirs;
    });
    const patterns = new Float64Array(count);
    visit(this.#patterns, target.patterns, (source, mine, theirs) => patterns[source]! += Math.min(mine, theirs));
    const products = new Float64Array(count);
    visit(this.#words, target.words, (source, mine, theirs) => products[source]! += mine * theirs);
    const norm = normOf(target.words);
    return this.#wordNorms.map((wordNorm, source) => ({
      wholes: Math.min(1, Math.max(found[source] as number, foundBack[source] as number)),
      patterns: Math.min(1, patterns[source] as number),
      words: products[source] === 0 ? 0 : Math.min(1, (products[source] as number) / (wordNorm * norm)),
    }));
  }
}

function post(sketches: readonly ReadonlyMap<number, number>[]): Postings {
  const postings: Postings = new Map();
  sketches.forEach((sketch, source) => {
    for (const [key, share] of sketch) {
      const list = postings.get(key);
      if (list === undefined) postings.set(key, [{ source, share }]);
      else list.push({ source, share });
    }
  });
  return postings;
}

function visit(
  postings: Postings,
  sketch: ReadonlyMap<number, number>,
  use: (source: number, mine: number, theirs: number) => void,
): void {
  for (const [key, theirs] of sketch) {
    for (const { source, share } of postings.get(key) ?? []) use(source, share, theirs);
  }
}

function normOf(sketch: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const share of sketch.values()) sum += share * share;
  return Math.sqrt(sum);
}

import type { ValueProfile } from "./valueProfile.ts";

/** What a target's values have in common with each source's, by source, each figure in 0..1. */
export interface SketchOverlap {
  /** Share of one side's whole values that the other has too; the better of both directions. */
  readonly wholes: Float64Array;
  /** Share of values written alike. */
  readonly patterns: Float64Array;
  /** Cosine of the words. */
  readonly words: Float64Array;
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
    this.#wholes = post(sources, (source) => source.wholes);
    this.#patterns = post(sources, (source) => source.patterns);
    this.#words = post(sources, (source) => source.words);
    this.#wordNorms = sources.map((source) => normOf(source.words) / Math.max(1, source.count));
  }

  /** The overlap of one target with each source. */
  overlapsWith(target: ValueProfile): SketchOverlap {
    const count = this.#wordNorms.length;
    const found = new Float64Array(count);
    const foundBack = new Float64Array(count);
    visit(this.#wholes, target.wholes, (source, mine, theirs) => {
      found[source]! += mine;
      foundBack[source]! += theirs;
    }, target.count);
    const patterns = new Float64Array(count);
    visit(
      this.#patterns,
      target.patterns,
      (source, mine, theirs) => patterns[source]! += Math.min(mine, theirs),
      target.count,
    );
    const products = new Float64Array(count);
    visit(this.#words, target.words, (source, mine, theirs) => products[source]! += mine * theirs, target.count);
    const norm = normOf(target.words) / Math.max(1, target.count);
    for (let source = 0; source < count; source++) {
      found[source] = Math.min(1, Math.max(found[source]!, foundBack[source]!));
      patterns[source] = Math.min(1, patterns[source]!);
      if (products[source] !== 0) products[source] = Math.min(1, products[source]! / (this.#wordNorms[source]! * norm));
    }
    return { wholes: found, patterns, words: products };
  }
}

function post(
  profiles: readonly ValueProfile[],
  sketchOf: (profile: ValueProfile) => ReadonlyMap<number, number>,
): Postings {
  const postings: Postings = new Map();
  profiles.forEach((profile, source) => {
    for (const [key, seen] of sketchOf(profile)) {
      const share = seen / profile.count;
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
  count: number,
): void {
  for (const [key, seen] of sketch) {
    const list = postings.get(key);
    if (list === undefined) continue;
    for (let at = 0; at < list.length; at++) use(list[at]!.source, list[at]!.share, seen / count);
  }
}

function normOf(sketch: ReadonlyMap<number, number>): number {
  let sum = 0;
  for (const share of sketch.values()) sum += share * share;
  return Math.sqrt(sum);
}

/** Something whose load takes time. */
export interface LoadSubject {
  readonly name: string;
  /** Loads it afresh; resolves with the time that took. */
  readonly load: () => Promise<number>;
}

/** How loads are measured. */
export interface MeasureLoadsOptions {
  /** @default 3 */
  readonly leastRounds?: number;
  /** @default 12 */
  readonly mostRounds?: number;
  /** Are the figures so far enough? While they are not, rounds are added. @default () => true */
  readonly isEnough?: (quickest: ReadonlyMap<string, number>) => boolean;
}

/**
 * The quickest load of each subject. In each round each is loaded once, in turn: what slows the machine down for a while
 * slows all of them.
 */
export async function measureLoads(
  subjects: readonly LoadSubject[],
  options: MeasureLoadsOptions = {},
): Promise<ReadonlyMap<string, number>> {
  const { leastRounds = 3, mostRounds = 12, isEnough = () => true } = options;
  const quickest = new Map<string, number>();
  for (let round = 1; round <= mostRounds; round++) {
    for (const { name, load } of subjects) {
      quickest.set(name, Math.min(await load(), quickest.get(name) ?? Infinity));
    }
    if (round >= leastRounds && isEnough(quickest)) break;
  }
  return quickest;
}

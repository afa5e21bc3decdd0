/** Who wanted what, subject by subject: rows of a sparse matrix whose columns are items. */
export interface InteractionMatrix {
  readonly itemCount: number;
  /** Where each subject's items begin in `items`; one more than there are subjects. */
  readonly starts: Uint32Array;
  readonly items: Uint32Array;
  /** How much each was wanted. */
  readonly weights: Float32Array;
}

/** One subject's items, in the order of time, and how much each was wanted. */
export interface SubjectHistory {
  readonly items: ArrayLike<number>;
  /** @default 1 each */
  readonly weights?: ArrayLike<number>;
}

/** Packs histories; an item that is named twice by one subject would count twice. */
export function packHistories(itemCount: number, histories: readonly SubjectHistory[]): InteractionMatrix {
  const size = histories.reduce((sum, { items }) => sum + items.length, 0);
  const starts = new Uint32Array(histories.length + 1);
  const items = new Uint32Array(size);
  const weights = new Float32Array(size).fill(1);
  let at = 0;
  histories.forEach((history, subject) => {
    starts[subject] = at;
    items.set(history.items, at);
    if (history.weights !== undefined) weights.set(history.weights, at);
    at += history.items.length;
  });
  starts[histories.length] = at;
  return { itemCount, starts, items, weights };
}

/** The same matrix item by item: its rows are items, and what it calls items are subjects. */
export function transposeMatrix({ itemCount, starts, items, weights }: InteractionMatrix): InteractionMatrix {
  const subjectCount = starts.length - 1;
  const turned = new Uint32Array(itemCount + 1);
  for (let at = 0; at < items.length; at++) turned[items[at]! + 1]! += 1;
  for (let item = 0; item < itemCount; item++) turned[item + 1]! += turned[item]!;
  const next = turned.slice(0, itemCount);
  const subjects = new Uint32Array(items.length);
  const turnedWeights = new Float32Array(items.length);
  for (let subject = 0; subject < subjectCount; subject++) {
    for (let at = starts[subject]!; at < starts[subject + 1]!; at++) {
      const place = next[items[at]!]!++;
      subjects[place] = subject;
      turnedWeights[place] = weights[at]!;
    }
  }
  return { itemCount: subjectCount, starts: turned, items: subjects, weights: turnedWeights };
}

/** For each item the others it speaks for, strongest first. */
export interface NeighbourList {
  readonly items: readonly number[];
  readonly weights: readonly number[];
}

/** The strongest of `candidates` by `weightOf`, at most `limit`, those above 0 only; ties go to the lower number. */
export function strongest(
  candidates: Iterable<number>,
  weightOf: (candidate: number) => number,
  limit: number,
): NeighbourList {
  const found: { item: number; weight: number }[] = [];
  let floor = 0;
  for (const item of candidates) {
    const weight = weightOf(item);
    if (!(weight > floor)) continue;
    found.push({ item, weight });
    // Cut back now and then: sorting once in a while is cheaper than a heap for lists of fifty.
    if (found.length >= limit * 4) floor = cut(found, limit);
  }
  cut(found, limit);
  return { items: found.map(({ item }) => item), weights: found.map(({ weight }) => weight) };
}

function cut(found: { item: number; weight: number }[], limit: number): number {
  found.sort((a, b) => b.weight - a.weight || a.item - b.item);
  if (found.length > limit) found.length = limit;
  return found.length < limit ? 0 : (found.at(-1)?.weight ?? 0);
}

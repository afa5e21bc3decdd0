import { invertPositiveDefinite } from "./invertPositiveDefinite.ts";

/**
 * The linear item-item model that predicts each item from all others with the least squared error, in closed form (EASE):
 * with P = (X'X + lambda I)^-1, weight [i, j] is -P[i, j] / P[j, j], and 0 on the diagonal. `gram` is X'X, row-major.
 */
export function closedFormWeights(gram: Float64Array, size: number, lambda: number): Float64Array {
  if (!(lambda > 0)) {
    throw new RangeError(`Cannot solve the model as 'lambda' must be above 0: current value is ${lambda}`);
  }
  const regular = gram.slice();
  for (let i = 0; i < size; i++) regular[i * size + i]! += lambda;
  const weights = invertPositiveDefinite(regular, size);
  const diagonal = Float64Array.from({ length: size }, (_, i) => weights[i * size + i]!);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) weights[i * size + j] = i === j ? 0 : -weights[i * size + j]! / diagonal[j]!;
  }
  return weights;
}

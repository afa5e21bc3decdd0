/**
 * The inverse of a symmetric, positive definite matrix of `size` rows (row-major), by Cholesky's decomposition. Every inner
 * loop runs along rows, which is what keeps 350 rows at some 40 ms in a runtime without vector instructions.
 */
export function invertPositiveDefinite(matrix: Float64Array, size: number): Float64Array {
  const inverseFactor = invertLower(decompose(matrix, size), size);
  const inverse = new Float64Array(size * size);
  for (let k = 0; k < size; k++) {
    const row = inverseFactor.subarray(k * size, k * size + k + 1);
    for (let i = 0; i <= k; i++) {
      const factor = row[i]!;
      if (factor === 0) continue;
      const target = inverse.subarray(i * size, i * size + i + 1);
      for (let j = 0; j <= i; j++) target[j]! += factor * row[j]!;
    }
  }
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) inverse[j * size + i] = inverse[i * size + j]!;
  }
  return inverse;
}

/** The lower factor L of `matrix` = L L'. */
function decompose(matrix: Float64Array, size: number): Float64Array {
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const row = lower.subarray(i * size, i * size + size);
    for (let j = 0; j <= i; j++) {
      const other = lower.subarray(j * size, j * size + size);
      let rest = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) rest -= row[k]! * other[k]!;
      if (i !== j) row[j] = rest / other[j]!;
      else if (rest > 0) row[i] = Math.sqrt(rest);
      else throw new RangeError(`Cannot invert the matrix as it is not positive definite: pivot ${i} is ${rest}`);
    }
  }
  return lower;
}

/** The inverse of a lower triangular matrix. */
function invertLower(lower: Float64Array, size: number): Float64Array {
  const inverse = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    const target = inverse.subarray(i * size, i * size + i + 1);
    for (let k = 0; k < i; k++) {
      const factor = lower[i * size + k]!;
      if (factor === 0) continue;
      const row = inverse.subarray(k * size, k * size + k + 1);
      for (let j = 0; j <= k; j++) target[j]! -= factor * row[j]!;
    }
    const pivot = 1 / lower[i * size + i]!;
    for (let j = 0; j < i; j++) target[j]! *= pivot;
    target[i] = pivot;
  }
  return inverse;
}

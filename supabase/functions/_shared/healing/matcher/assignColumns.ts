/**
 * The one-to-one assignment of rows to columns with the greatest total gain (Hungarian method, shortest augmenting
 * paths, O(rows^2 x columns)). A row stays free, as -1, where that gains more: only positive gains are taken.
 */
export function assignColumns(gains: readonly ArrayLike<number>[], columnCount: number): number[] {
  const rowCount = gains.length;
  // every row has a column of its own worth nothing, so "free" is a choice like any other
  const width = columnCount + rowCount;
  const costOf = (row: number, column: number) =>
    column < columnCount ? -Math.max(0, finite(gains[row]![column] as number)) : 0;
  const rowPotential = new Float64Array(rowCount + 1);
  const columnPotential = new Float64Array(width + 1);
  const rowOfColumn = new Int32Array(width + 1);
  const previous = new Int32Array(width + 1);
  for (let row = 1; row <= rowCount; row++) {
    const least = new Float64Array(width + 1).fill(Infinity);
    const isVisited = new Uint8Array(width + 1);
    rowOfColumn[0] = row;
    let column = 0;
    do {
      isVisited[column] = 1;
      const current = rowOfColumn[column] as number;
      let delta = Infinity;
      let next = 0;
      for (let candidate = 1; candidate <= width; candidate++) {
        if (isVisited[candidate]) continue;
        const reduced = costOf(current - 1, candidate - 1) - rowPotential[current]! - columnPotential[candidate]!;
        if (reduced < least[candidate]!) {
          least[candidate] = reduced;
          previous[candidate] = column;
        }
        if (least[candidate]! < delta) {
          delta = least[candidate]!;
          next = candidate;
        }
      }
      for (let candidate = 0; candidate <= width; candidate++) {
        if (isVisited[candidate]) {
          rowPotential[rowOfColumn[candidate]!]! += delta;
          columnPotential[candidate]! -= delta;
        } else least[candidate]! -= delta;
      }
      column = next;
    } while (rowOfColumn[column] !== 0);
    while (column !== 0) {
      const before = previous[column] as number;
      rowOfColumn[column] = rowOfColumn[before] as number;
      column = before;
    }
  }
  const result = new Array<number>(rowCount).fill(-1);
  for (let column = 1; column <= columnCount; column++) {
    const row = rowOfColumn[column] as number;
    if (row > 0 && (gains[row - 1]![column - 1] as number) > 0) result[row - 1] = column - 1;
  }
  return result;
}

function finite(gain: number): number {
  return Number.isNaN(gain) || gain === -Infinity ? 0 : gain;
}

import { freeColumns, type Scene, type SceneColumn } from "./scene.ts";

/** Two columns of one type whose names differ in one word. */
export interface TwinPair {
  readonly twins: readonly [SceneColumn, SceneColumn];
  /** What both names say. */
  readonly common: string;
}

/** Near-twins that nothing has been done to yet, such as `billing_city` and `shipping_city`, in no order. */
export function twinPairs(scene: Scene): TwinPair[] {
  const columns = freeColumns(scene, "gone", ({ marks }) => marks.size === 0).filter((column) =>
    column !== scene.keyColumn
  );
  const pairs: TwinPair[] = [];
  for (const one of columns) {
    for (const other of columns) {
      if (one === other || one.type !== other.type || one.sort !== other.sort) continue;
      const [words, others] = [one.name.split("_"), other.name.split("_")];
      const common = words.filter((word, at) => others[at] === word);
      if (words.length !== others.length || common.length !== words.length - 1 || common.length === 0) continue;
      pairs.push({ twins: [one, other], common: common.join("_") });
    }
  }
  return pairs;
}

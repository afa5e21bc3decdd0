import * as columns from "./columnMutations.ts";
import * as nesting from "./nestingMutations.ts";
import * as renames from "./renameMutations.ts";
import type { Mutate } from "./scene.ts";
import * as spellings from "./spellingMutations.ts";
import * as swaps from "./swapMutations.ts";
import * as types from "./typeMutations.ts";
import * as values from "./valueMutations.ts";

/** Every way to drift, each as often in the deck as it is to be drawn. */
const counts: readonly (readonly [number, Mutate])[] = [
  [5, renames.columnRenamed],
  [3, renames.columnRenamedTwice],
  [2, renames.columnRenamedAfterHeal],
  [2, renames.oldNameInConvention],
  [3, renames.tableRenamed],
  [1, renames.tableDropped],
  [1, swaps.swappedAndKnown],
  [1, swaps.swappedInOldForm],
  [1, swaps.namesMovedOn],
  [1, swaps.swappedAcrossTypes],
  [1, swaps.renamedAndReplaced],
  [4, spellings.allInConvention],
  [4, spellings.oneInConvention],
  [6, spellings.misspelt],
  [3, spellings.abbreviated],
  [4, spellings.betweenTwins],
  [1, spellings.twoSpellings],
  [1, spellings.misspeltMatch],
  [1, spellings.misspeltKey],
  [6, types.typeChanged],
  [4, types.valueUnfit],
  [2, types.renamedAndNarrowed],
  [2, types.textToEnum],
  [1, types.textUnstorable],
  [2, values.nullForDefault],
  [2, values.requiredAndMissing],
  [2, values.labelRenamed],
  [2, values.labelRespelt],
  [2, values.labelAdded],
  [1, values.columnAdded],
  [3, columns.columnDropped],
  [3, columns.columnDroppedTwinStays],
  [1, columns.columnGenerated],
  [2, columns.unknownField],
  [1, columns.oddField],
  [3, columns.resemblingField],
  [2, columns.lookalikeField],
  [2, nesting.nestedPayload],
  [2, nesting.flattenedPayload],
  [1, nesting.columnFlattened],
  [1, nesting.columnsNested],
];

/** See {@linkcode Mutate}. */
export const mutationDeck: readonly Mutate[] = counts.flatMap(([count, mutate]) =>
  new Array<Mutate>(count).fill(mutate)
);

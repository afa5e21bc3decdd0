import type { ColumnSnapshot, SchemaSnapshot } from "../../schema/snapshot.ts";
import { coercionColumnOf } from "../diagnosis/coercionColumnOf.ts";
import type { ColumnStatistics, TargetColumn } from "../matcher/column.ts";

/**
 * A column of the snapshot as the matcher wants it. A generated one passes as any other: nothing may land there, and yet a
 * name that is nearest to it is not its neighbour's.
 */
export function targetColumnOf(
  column: ColumnSnapshot,
  snapshot: SchemaSnapshot,
  statistics: ColumnStatistics | undefined,
): TargetColumn {
  const { name, type, isNullable, defaultExpression, isIdentity } = column;
  const length = /^character(?: varying)?\((\d+)\)$/.exec(type)?.[1];
  // A list of labels is a list to the matcher, and no label.
  const { enumLabels } = type.endsWith("[]") ? {} : coercionColumnOf(column, snapshot);
  return {
    name,
    type,
    isNullable,
    hasDefault: defaultExpression !== null || isIdentity,
    isGenerated: false,
    ...length === undefined ? {} : { maxLength: Number(length) },
    ...enumLabels === undefined ? {} : { enumLabels },
    ...statistics === undefined ? {} : { statistics },
  };
}

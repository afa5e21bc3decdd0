import type { Row } from "../../connect/connector.ts";
import type { ColumnSnapshot } from "../../schema/snapshot.ts";
import type { RefusalReason } from "../coercion/coercion.ts";
import { coercionColumnOf } from "./coercionColumnOf.ts";
import type { UnfitColumn } from "./diagnosis.ts";
import type { DiagnosisContext } from "./diagnosisContext.ts";
import { tableOfStatement } from "./findTable.ts";
import { type FaultKind, valueFault } from "./valueFault.ts";

interface Finding extends UnfitColumn {
  /** Is it known that the database refuses the values, not only possible? */
  readonly isCertain: boolean;
}

/**
 * The columns with values that the database refuses for the given faults, over all rows. Values of types that the
 * coercions do not know are listed only where no other can be meant, or where the error names their column.
 */
export function findUnfitColumns(
  context: DiagnosisContext,
  faults: readonly FaultKind[],
  named?: string,
): UnfitColumn[] {
  return strip(findAll(context, faults, named), named);
}

/** As above, of which it is known that the database refuses them. */
export function findCertainlyUnfit(context: DiagnosisContext, faults: readonly FaultKind[]): UnfitColumn[] {
  return strip(findAll(context, faults, undefined).filter(({ isCertain }) => isCertain), undefined);
}

function findAll(context: DiagnosisContext, faults: readonly FaultKind[], named: string | undefined): Finding[] {
  const { match, rows } = context;
  const find = (among: readonly Row[], isInMatch: boolean) =>
    (tableOfStatement(context)?.columns ?? []).flatMap((column) =>
      findInColumn(column, { context, rows: among, isInMatch, faults, named })
    );
  return [...find(rows, false), ...find(match === undefined ? [] : [match], true)];
}

function strip(all: readonly Finding[], named: string | undefined): UnfitColumn[] {
  const hasCertain = all.some(({ isCertain }) => isCertain);
  const found = all.filter(({ isCertain, column }) => isCertain || !hasCertain || column === named);
  return found.map(({ isCertain: _, ...column }) => column);
}

interface Search {
  readonly context: DiagnosisContext;
  readonly rows: readonly Row[];
  readonly isInMatch: boolean;
  readonly faults: readonly FaultKind[];
  readonly named: string | undefined;
}

function findInColumn(column: ColumnSnapshot, { context, rows, isInMatch, faults, named }: Search): Finding[] {
  const { name, type } = column;
  const target = coercionColumnOf(column, context.snapshot);
  const refusals = new Set<RefusalReason>();
  let isCertain = false;
  let places = [...rows.keys()].filter((place) => {
    const found = valuesIn(rows[place]!, name, isInMatch).map((value) => valueFault(value, target))
      .filter((fault) => fault !== undefined && (fault.kind === null || faults.includes(fault.kind)));
    for (const fault of found) {
      if (fault!.refusal !== undefined) refusals.add(fault!.refusal);
      isCertain ||= fault!.kind !== null;
    }
    return found.length > 0;
  });
  if (places.length === 0 && name === named) {
    // The database knows better.
    places = [...rows.keys()].filter((place) => valuesIn(rows[place]!, name, isInMatch).length > 0);
    isCertain = true;
  }
  if (places.length === 0) return [];
  return [{ column: name, type, isInMatch, rows: isInMatch ? [] : places, refusals: [...refusals], isCertain }];
}

/** A row's values for a column: of a match's list each one, of a row without the key none. */
function valuesIn(row: Row, column: string, isInMatch: boolean): readonly unknown[] {
  const value = Object.hasOwn(row, column) ? row[column] : undefined;
  if (value === undefined || value === null) return [];
  return isInMatch && Array.isArray(value) ? value : [value];
}

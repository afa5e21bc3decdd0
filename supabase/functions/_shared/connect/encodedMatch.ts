import { CallRefusedError } from "./callRefusedError.ts";
import type { Match } from "./connector.ts";
import type { EncodedRow } from "./encodedRow.ts";
import type { ColumnEncoding } from "./tableTypes.ts";
import { jsonRow, listText, scalarText } from "./valueText.ts";

/**
 * Encodes what rows must match; the letters are `n`ull (no value), `p`lain, `j`son, `l`ist and list as `J`SON. What could
 * mean more rows than was meant is refused.
 */
export function encodeMatch(match: Match, known: ReadonlyMap<string, ColumnEncoding> | undefined): EncodedRow {
  const columns = Object.keys(match);
  const values: (string | null)[] = [];
  let modes = "";
  for (const column of columns) {
    const value = match[column];
    const isPlain = known !== undefined && known.get(column)?.startsWith("json") !== true;
    if (value === null) {
      modes += "n";
    } else if (Array.isArray(value)) {
      checkList(column, value);
      const text = isPlain ? listText(value) : undefined;
      modes += text === undefined ? "J" : "l";
      values.push(text ?? `[${value.map((member) => jsonRow({ [column]: member }, [column])).join(",")}]`);
    } else {
      if (value === undefined) throw new CallRefusedError("INVALID_CALL", `Cannot match "${column}" to undefined`);
      const text = isPlain ? scalarText(value) : undefined;
      modes += text === undefined ? "j" : "p";
      values.push(text ?? jsonRow({ [column]: value }, [column]));
    }
  }
  return { columns, modes, values };
}

/** Refuses a match of nothing, which would be all rows. */
export function refuseEmptyMatch(match: Match): void {
  if (Object.keys(match).length > 0) return;
  throw new CallRefusedError("INVALID_CALL", "Cannot change or remove rows without a match: it would be all of them");
}

/** Refuses a list with a member that no value equals. */
export function checkList(column: string, values: readonly unknown[]): void {
  for (const value of values) {
    if (value !== null && value !== undefined) continue;
    const message = `Cannot match "${column}" to a list with ${value} in it: nothing equals that`;
    throw new CallRefusedError("INVALID_CALL", message);
  }
}

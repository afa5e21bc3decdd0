import type { Row } from "../../connect/connector.ts";
import { exactJson } from "../ledger/exactJson.ts";
import { isPlainNumber, mostToldColumns } from "../ledger/payloadShape.ts";
import { parseExactJson } from "../ledger/parseExactJson.ts";
import { type ReconstructedPayload, reconstructPayload } from "../ledger/reconstructPayload.ts";
import type { Rescue } from "../ledger/rescue.ts";
import type { KeptRow } from "./readKeptRow.ts";

/** A payload rebuilt, and the form of the row that gave it. */
export interface RebuiltRow extends ReconstructedPayload {
  readonly landed: Row;
}

/** Each column may ask for another form; this many are tried at most, enough for two of each in a noted row. */
const mostForms = 2 ** mostToldColumns;

/**
 * Rebuilds the payload of a row: exact where the row gives it to the letter, each column in one of the row's forms.
 * Undefined where the row lacks a part.
 */
export function reconstructKept(
  { shape, rescuedText }: Pick<Rescue, "shape" | "rescuedText">,
  { forms }: Pick<KeptRow, "forms">,
): RebuiltRow | undefined {
  const columns = shape.parts.flatMap((part) => "isRescued" in part || "note" in part ? [] : [part.column]);
  const whole = forms.filter((landed) => columns.every((column) => Object.hasOwn(landed, column)));
  let best: RebuiltRow | undefined;
  for (const landed of mixForms(whole, columns)) {
    const rebuilt = reconstructPayload({ landed, shape, rescuedText });
    if (rebuilt.isExact) return { ...rebuilt, landed };
    best ??= { ...rebuilt, landed };
  }
  return best;
}

/** The forms themselves, then every other choice of one for each column in which they differ. */
function* mixForms(forms: readonly Row[], columns: readonly string[]): Generator<Row> {
  yield* forms;
  const [first] = forms;
  if (first === undefined) return;
  const choices: (readonly [column: string, values: readonly unknown[]])[] = [];
  let count = 1;
  for (const column of new Set(columns)) {
    const known = new Set<string>();
    const values = forms.map((form) => form[column]).flatMap(readings)
      .filter((value) => known.size < known.add(exactJson(value)).size);
    if (count * values.length > mostForms) break;
    count *= values.length;
    if (values.length > 1) choices.push([column, values]);
  }
  // One at a time: a row that has changed is asked for all of them, and is none.
  const row: Record<string, unknown> = Object.assign(Object.create(null), first); // A column may be called `__proto__`.
  for (let number = 1; number < count; number++) {
    let rest = number;
    for (const [column, values] of choices) {
      row[column] = values[rest % values.length];
      rest = Math.floor(rest / values.length);
    }
    yield { ...row };
  }
}

/** A number may have come for a column of text, or of numbers so wide that a driver gives them as text. */
function readings(value: unknown): unknown[] {
  return typeof value === "string" && isPlainNumber(value) ? [value, parseExactJson(value)] : [value];
}

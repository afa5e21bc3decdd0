import assert from "node:assert/strict";
import { inspect } from "node:util";
import { coerceLosslessly } from "../coerceLosslessly.ts";
import type { RefusalReason } from "../coercion.ts";
import { reconstruct } from "../reconstruct.ts";

/** What a column takes, each with what is stored; and what it refuses, each with the reason. */
export interface ExpectedCoercions {
  readonly fits?: readonly (readonly [sent: unknown, stored: unknown])[];
  readonly refused?: readonly (readonly [sent: unknown, reason: RefusalReason])[];
}

/** Checks a table of values against one column, the way back included. */
export function expectCoercions(
  type: string,
  { fits = [], refused = [] }: ExpectedCoercions,
  enumLabels?: readonly string[],
): void {
  const column = { type, isNullable: true, ...(enumLabels === undefined ? {} : { enumLabels }) };
  for (const [sent, stored] of fits) {
    const coercion = coerceLosslessly(sent, column);
    assert.ok(coercion.ok, `${type} refuses ${inspect(sent)}: ${JSON.stringify(coercion)}`);
    assert.deepEqual(coercion.value, stored, `${type} from ${inspect(sent)}`);
    assert.deepEqual(reconstruct(coercion.value, coercion.inverse), sent);
  }
  for (const [sent, reason] of refused) {
    assert.deepEqual(coerceLosslessly(sent, column), { ok: false, reason }, `${type} from ${inspect(sent)}`);
  }
}

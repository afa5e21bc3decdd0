import assert from "node:assert/strict";
import { coerceLosslessly } from "./coerceLosslessly.ts";
import { reconstruct } from "./reconstruct.ts";

Deno.test("the sent value is told from the stored text, and from what a driver reads in it", () => {
  const cases: readonly (readonly [type: string, sent: unknown, stored: readonly unknown[]])[] = [
    ["date", "1969-12-31", ["1969-12-31", new Date("1969-12-31")]],
    ["date[]", ["0099-01-02", null], [["0099-01-02", null], [new Date("0099-01-02"), null]]],
    ["date[]", "1969-12-31", [["1969-12-31"], [new Date("1969-12-31")]]],
    ["bytea", "\\x00ff", ["\\x00ff", new Uint8Array([0, 255]), new Uint8Array([7, 0, 255]).subarray(1)]],
    ["bytea", new Uint8Array([0, 255]), ["\\x00ff", new Uint8Array([0, 255])]],
    ["timestamp with time zone", "2026-01-31 10:30+02", ["2026-01-31 08:30:00+00", new Date("2026-01-31T08:30Z")]],
    ["bigint", "12", ["12", 12, 12n]],
    ["boolean", "yes", ["true", true]],
  ];
  for (const [type, sent, stored] of cases) {
    const coercion = coerceLosslessly(sent, { type, isNullable: true });
    assert.ok(coercion.ok, `${type} refuses ${sent}`);
    for (const each of stored) assert.deepEqual(reconstruct(each, coercion.inverse), sent, `${type} from ${sent}`);
  }
});

import fc from "fast-check";

/** Keys as payloads may have them, and such as trip code. */
export const anyKey: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("id", "10", "2", "__proto__", "constructor", "toJSON", "a\u0000b", "\ud800", '"', "\\", "a.b", ""),
);

/** Values as payloads may have them, and such as JSON has not. */
export const anyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.jsonValue(),
  fc.double(),
  fc.bigInt(),
  fc.date({ noInvalidDate: true }),
  fc.uint8Array({ maxLength: 6 }),
  fc.string({ unit: "binary" }),
  fc.constantFrom(undefined, null, -0, 0, 1e21, 5e-324, "\ud800", "x\u0000", Number.NaN, Infinity),
);

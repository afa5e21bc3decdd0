import fc from "fast-check";
import type { CoercionColumn } from "../coercion.ts";

/** Columns of one family, and values that a program may send to them: many that fit, some near it, a few of anything. */
export interface Family {
  readonly name: string;
  readonly column: fc.Arbitrary<CoercionColumn>;
  readonly value: fc.Arbitrary<unknown>;
}

const anything: fc.Arbitrary<unknown> = fc.oneof(
  fc.string(),
  fc.double(),
  fc.bigInt(),
  fc.boolean(),
  fc.date({ noInvalidDate: false }),
  fc.jsonValue(),
  fc.array(fc.integer(), { maxLength: 3 }),
  fc.uint8Array({ maxLength: 4 }),
);

const decimalText = fc.tuple(
  fc.constantFrom("", "", "-", "+"),
  fc.stringMatching(/^\d{1,12}$/),
  fc.oneof(fc.constant(""), fc.stringMatching(/^\.\d{0,8}$/)),
  fc.oneof({ weight: 4, arbitrary: fc.constant("") }, fc.stringMatching(/^[eE][+-]?\d{1,2}$/)),
).map((parts) => parts.join(""));

const groupedText = fc.tuple(fc.integer({ min: 0, max: 10 ** 10 }), fc.constantFrom("en-US", "de-DE", "en-IN"))
  .map(([cents, language]) => (cents / 100).toLocaleString(language, { minimumFractionDigits: 2 }));

const numbers: fc.Arbitrary<unknown> = fc.oneof(
  fc.integer(),
  fc.integer({ min: -10, max: 10 }),
  fc.maxSafeInteger(),
  fc.double(),
  fc.float(),
  fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map((cents) => cents / 100),
  fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
  decimalText,
  groupedText,
  fc.constantFrom(0, -0, "-0", NaN, Infinity, "NaN", "-Infinity", " 7 ", "1_000", ".5", "5.", "", "-"),
);

const instant = fc.date({ min: new Date("0001-01-02"), max: new Date("9999-12-30"), noInvalidDate: true });
const zone = fc.constantFrom(
  "",
  "",
  "Z",
  "z",
  " UTC",
  "+00",
  "-00:00",
  "+02",
  "-0530",
  "+05:45",
  "+15:59",
  "+01:02:03",
  " CET",
);
const momentText = fc.tuple(
  instant.map((date) => date.toISOString()),
  fc.constantFrom("T", " ", "t", "  "),
  fc.oneof(fc.constant(""), fc.stringMatching(/^[.,]\d{1,7}$/)),
  zone,
  fc.boolean(),
).map(([iso, separator, fraction, zone, isBasic]) => {
  const text = iso.slice(0, 10) + separator + iso.slice(11, 19);
  return (isBasic ? text.replace(/[-:]/g, "") : text) + fraction + zone;
});
const clockText = fc.tuple(instant, fc.stringMatching(/^(\.\d{1,7})?$/), zone)
  .map(([date, fraction, zone]) => date.toISOString().slice(11, 19) + fraction + zone);
const dayText = instant.map((date) => date.toISOString().slice(0, 10))
  .chain((day) => fc.constantFrom(day, day.replaceAll("-", ""), day.replaceAll("-", "/"), `${day}T00:00:00.000Z`));

const epochs = fc.integer({ min: 10 ** 8, max: 3 * 10 ** 9 });
const moments: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: momentText },
  { weight: 2, arbitrary: dayText },
  clockText,
  { weight: 2, arbitrary: instant },
  instant.map((date) => new Date(Math.floor(date.getTime() / 86_400_000) * 86_400_000)),
  fc.date({ noInvalidDate: false }),
  epochs,
  fc.maxSafeInteger(),
  fc.integer({ min: 1, max: 10 ** 6 }).map((ms) => 1_700_000_000 + ms / 1_000),
);

const part = (unit: string) => fc.oneof(fc.constant(""), fc.nat(9_999).map((count) => `${count}${unit}`));
const intervalText = fc.oneof(
  fc.tuple(part("Y"), part("M"), part("D"), fc.constantFrom("", "T"), part("H"), part("M"), part(".25S"))
    .map((parts) => `P${parts.join("")}`),
  fc.tuple(part(" years "), part(" mons "), part(" days "), part(" hours "), part(" min "), part(" seconds"))
    .map((parts) => parts.join("").trim()),
  fc.tuple(part(" days "), clockText).map((parts) => parts.join("")),
);

const truths = fc.constantFrom<unknown>("yes", "No", "TRUE", "f", " on", "off", "maybe", 1, 0, -0, 1n, 2, true);
const uuidText = fc.uuid().chain((uuid) =>
  fc.constantFrom(uuid, uuid.toUpperCase(), `{${uuid}}`, uuid.replaceAll("-", ""), `urn:uuid:${uuid}`, uuid.slice(1))
);
const bytesValue = fc.uint8Array({ maxLength: 20 }).chain((bytes) =>
  fc.constantFrom<unknown>(
    bytes,
    `\\x${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`,
    { type: "Buffer", data: [...bytes] },
    `data:a/b;base64,${btoa(String.fromCharCode(...bytes))}`,
    btoa(String.fromCharCode(...bytes)),
  )
);
const addressText = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.tuple(fc.ipV4(), fc.nat(40)).map((parts) => parts.join("/")),
  fc.tuple(fc.ipV6(), fc.nat(140)).map((parts) => parts.join("/")),
);
const labels = ["in_progress", "done", "On Hold", "Left", "left", "A-", "A", "1", "1-2"];
const labelText = fc.constantFrom(...labels).chain((label) =>
  fc.constantFrom(label, label.toUpperCase(), label.replaceAll("_", " "), ` ${label}`, label.replaceAll("-", ""))
);
const jsonOrText = fc.oneof(
  fc.jsonValue(),
  fc.json(),
  fc.jsonValue({ noUnicodeString: false }).map((value) => JSON.stringify(value, null, 2)),
  fc.constantFrom('{"a":1,"a":2}', "[12345678901234567890]", "[1.50]", '["\\u0000"]', "{", '"text"', "1e2"),
);

function columns(...types: readonly string[]): fc.Arbitrary<CoercionColumn> {
  return fc.constantFrom(...types.map((type) => ({ type, isNullable: true })));
}

function mostly(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.oneof({ weight: 9, arbitrary: value }, anything);
}

/** One entry a type family; enough of each family's values fit for a property over them to say something. */
export const families: readonly Family[] = [
  { name: "integer", column: columns("smallint", "integer", "bigint"), value: mostly(numbers) },
  {
    name: "numeric",
    column: columns("numeric", "numeric(10,2)", "numeric(3,-2)", "numeric(12,6)"),
    value: mostly(numbers),
  },
  { name: "float", column: columns("real", "double precision"), value: mostly(numbers) },
  {
    name: "boolean",
    column: columns("boolean"),
    value: mostly(truths),
  },
  {
    name: "text",
    column: columns("text", "citext", "character varying(8)", "character(5)", "name"),
    value: mostly(fc.oneof(fc.string({ unit: "binary" }), fc.string(), numbers, fc.jsonValue(), instant)),
  },
  { name: "date", column: columns("date"), value: mostly(fc.oneof(dayText, moments)) },
  {
    name: "timestamp",
    column: columns("timestamp with time zone", "timestamp without time zone", "timestamp(3) with time zone"),
    value: mostly(moments),
  },
  {
    name: "time",
    column: columns("time without time zone", "time with time zone", "time(2) without time zone"),
    value: mostly(fc.oneof(clockText, moments)),
  },
  { name: "interval", column: columns("interval", "interval(1)"), value: mostly(intervalText) },
  { name: "json", column: columns("json", "jsonb"), value: mostly(jsonOrText) },
  { name: "uuid", column: columns("uuid"), value: mostly(uuidText) },
  { name: "bytea", column: columns("bytea"), value: mostly(bytesValue) },
  { name: "address", column: columns("inet", "cidr"), value: mostly(addressText) },
  {
    name: "enum",
    column: fc.constant({ type: "order_state", isNullable: true, enumLabels: labels }),
    value: mostly(labelText),
  },
  {
    name: "array",
    column: columns(
      "integer[]",
      "text[]",
      "numeric(10,2)[]",
      "double precision[]",
      "boolean[]",
      "uuid[]",
      "date[]",
      "timestamp with time zone[]",
    ),
    value: mostly(fc.oneof(
      fc.array(fc.oneof(numbers, fc.constant(null))),
      fc.array(fc.array(fc.integer(), { minLength: 2, maxLength: 2 })),
      fc.array(fc.string()),
      fc.array(uuidText),
      fc.array(instant),
      fc.array(moments),
      moments,
      fc.array(epochs),
      epochs,
      fc.array(truths),
      truths,
      fc.array(bytesValue),
      bytesValue,
      fc.array(fc.integer()).map((members) => members.join(", ")),
      fc.array(fc.integer()).map((members) => `{${members}}`),
      fc.array(fc.integer()).map((members) => JSON.stringify(members)),
      fc.integer(),
      fc.string(),
    )),
  },
];

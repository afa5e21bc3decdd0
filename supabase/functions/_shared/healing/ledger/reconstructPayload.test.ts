import assert from "node:assert/strict";
import fc from "fast-check";
import { describePayload } from "./describePayload.ts";
import { exactJson } from "./exactJson.ts";
import { readJsonMembers } from "./readJsonMembers.ts";
import { reconstructPayload } from "./reconstructPayload.ts";
import { storableJson, storableText } from "./storableJson.ts";
import { anyKey, anyValue } from "./testing/anyPayload.ts";

const anyRow = fc.array(fc.tuple(anyKey, anyValue), { maxLength: 8 }).map((entries) => Object.fromEntries(entries));

/** A payload with, for each key, whether it lands and what the database makes of it there. */
const anyLanding = anyRow.chain((payload) =>
  fc.tuple(
    fc.constant(payload),
    fc.array(fc.tuple(fc.boolean(), fc.boolean(), anyValue), {
      minLength: Object.keys(payload).length,
      maxLength: Object.keys(payload).length,
    }),
  )
);

Deno.test("whatever the payload, the mapping and the database did, the payload is rebuilt to the letter", () => {
  fc.assert(
    fc.property(anyLanding, ([payload, fates]) => {
      const mapping = new Map<string, string>();
      const landed: Record<string, unknown> = Object.create(null);
      Object.keys(payload).forEach((key, index) => {
        const [isLanded, isKept, other] = fates[index]!;
        if (!isLanded) return;
        mapping.set(key, `c${index}`);
        landed[`c${index}`] = isKept ? payload[key] : other;
      });
      const { shape, rescuedText } = describePayload({ payload, mapping, landed });
      const kept = JSON.parse(JSON.stringify(shape));
      assert.deepEqual(reconstructPayload({ landed, shape: kept, rescuedText }), {
        text: exactJson(payload),
        isExact: true,
      });
    }),
    { numRuns: 2_000 },
  );
});

Deno.test("rescued text is taken as it is written, and a payload's order is kept around it", () => {
  const { text } = reconstructPayload({
    landed: { email: "a@b" },
    shape: {
      parts: [{ key: "hue", isRescued: true }, { key: "mail", column: "email" }, { key: "tags", isRescued: true }],
      fingerprint: "",
    },
    rescuedText: '{ "hue" : 1.50 , "tags":[ 1e2, {"b":"}\\"]", "a":2} ] }',
  });
  assert.equal(text, '{"hue":1.50,"mail":"a@b","tags":[ 1e2, {"b":"}\\"]", "a":2} ]}');
});

Deno.test("a row that was updated since is not taken for what was sent", () => {
  const payload = { mail: "a@b", hue: 1 };
  const { shape, rescuedText } = describePayload({
    payload,
    mapping: new Map([["mail", "email"]]),
    landed: { email: "a@b" },
  });
  assert.deepEqual(reconstructPayload({ landed: { email: "c@d" }, shape, rescuedText }), {
    text: '{"mail":"c@d","hue":1}',
    isExact: false,
  });
  assert.throws(() => reconstructPayload({ landed: {}, shape, rescuedText }), /the row lacks "email"/);
  assert.throws(
    () => reconstructPayload({ landed: { email: "a@b" }, shape }),
    /the rescued fields lack "hue"/,
  );
});

Deno.test("values that another way to the database would give in another form are noted", () => {
  const at = new Date("2026-11-21T10:00:00Z");
  const { shape, isPlain } = describePayload({
    payload: { at: at.toISOString(), total: "12.50", count: 3, note: null },
    mapping: new Map([["at", "at"], ["total", "total"], ["count", "count"], ["note", "note"]]),
    landed: { at, total: "12.5", count: 3, note: null },
  });
  assert.deepEqual(shape.parts, [
    { key: "at", column: "at", note: '"2026-11-21T10:00:00.000Z"' },
    { key: "total", column: "total", note: '"12.50"' },
    { key: "count", column: "count" },
    { key: "note", column: "note" },
  ]);
  assert.equal(isPlain, false);
});

Deno.test("a payload whose columns give everything back needs nothing kept", () => {
  const same = { a: "x", b: 1 };
  const mapping = new Map([["a", "a"], ["b", "b"]]);
  assert.equal(describePayload({ payload: same, mapping, landed: same }).isPlain, true);
  assert.equal(describePayload({ payload: same, mapping: new Map([["a", "a"]]), landed: same }).isPlain, false);
  // What every object inherits is no column that came back.
  const odd = { payload: { constructor: null }, mapping: new Map([["constructor", "constructor"]]), landed: {} };
  assert.equal(describePayload(odd).isPlain, false);
});

Deno.test("exactJson is JSON.stringify for all that JSON knows, and keeps what JSON loses", () => {
  // JSON.stringify loses the sign of each -0: it gets a mark to take it out again by. The texts are compared, as V8 12.8
  // and later may parse a key "\n" as "\\" once it has parsed a key "\\" (nodejs/node 63785).
  const mark = "negative zero";
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const marked = JSON.stringify(value, (_key, inner) => Object.is(inner, -0) ? mark : inner);
      assert.equal(exactJson(value), marked.replaceAll(`"${mark}"`, "-0"));
    }),
    { examples: [[-0], [[0, -0]], [{ zero: { inner: [-0] } }]] },
  );
  assert.deepEqual(JSON.parse(exactJson([0, -0])), [0, -0]);
  const odd = {
    big: 2n ** 70n,
    zero: -0,
    none: undefined,
    list: [undefined],
    nan: NaN,
    bytes: new Uint8Array([1, 255]),
  };
  assert.equal(
    exactJson(odd),
    '{"big":1180591620717411303424,"zero":-0,"list":[null],"nan":"NaN","bytes":"\\\\x01ff"}',
  );
});

Deno.test("readJsonMembers gives each member's own text", () => {
  fc.assert(fc.property(anyRow, (row) => {
    const expected = Object.entries(row).filter(([, value]) => value !== undefined)
      .map(([key, value]) => [key, exactJson(value)]);
    assert.deepEqual(readJsonMembers(exactJson(row)), expected);
  }));
  for (const broken of ["", "[]", "{", '{"a"', '{"a":', '{"a":1', '{"a":"x', "{a:1}", '{"a":1,}', '{"a" 1}']) {
    assert.throws(() => readJsonMembers(broken), SyntaxError, broken);
  }
});

Deno.test("what is told is made storable, and everything else stays", () => {
  assert.equal(storableText("a\u0000b\ud800c\ude00"), "a\\u0000b\\ud800c\\ude00");
  assert.equal(storableText("caf\u00e9 \ud83d\ude00"), "caf\u00e9 \ud83d\ude00");
  assert.deepEqual(JSON.parse(storableJson({ "k\u0000": ["v\u0000", 1n, null] })), {
    "k\\u0000": ["v\\u0000", "1", null],
  });
});

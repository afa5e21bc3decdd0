import assert from "node:assert/strict";
import fc from "fast-check";
import type { SourceColumn, TargetColumn } from "./column.ts";
import { matchColumns } from "./columnMatcher.ts";
import { profileTargets } from "./columnProfile.ts";

const column = (name: string, type = "text", more: Partial<TargetColumn> = {}): TargetColumn => ({
  name,
  type,
  isNullable: true,
  hasDefault: false,
  isGenerated: false,
  ...more,
});
const key = (name: string, ...values: unknown[]): SourceColumn => ({ name, values });
const targetOf = (source: SourceColumn, targets: TargetColumn[]) => matchColumns([source], targets)[0]!.target;

const orders = [
  column("id", "bigint"),
  column("customer_email"),
  column("quantity", "integer"),
  column("total_amount", "numeric(12,2)"),
  column("shipping_address"),
  column("billing_address"),
  column("created_at", "timestamptz"),
  column("updated_at", "timestamptz"),
];

Deno.test("matchColumns heals case, abbreviations, typos and synonyms", () => {
  const row = [
    key("customerEmail", "jane@example.com"),
    key("qty", 3),
    key("TotalAmt", "12.50"),
    key("shiping_address", "1 Main Street, Lagos"),
    key("createdAt", "2024-05-01T10:00:00Z"),
  ];
  assert.deepEqual(matchColumns(row, orders).map((match) => match.target), [
    "customer_email",
    "quantity",
    "total_amount",
    "shipping_address",
    "created_at",
  ]);
});

Deno.test("matchColumns heals names of other languages", () => {
  const targets = [column("price", "numeric"), column("phone"), column("city")];
  assert.equal(targetOf(key("tel\u00e9fono", "+34 91 123 4567"), targets), "phone");
  assert.equal(targetOf(key("\u50f9\u683c", "12.5"), targets), "price");
});

Deno.test("matchColumns abstains from near-twins", () => {
  const traps: [SourceColumn, TargetColumn[]][] = [
    [key("address", "1 Main Street"), [column("shipping_address"), column("billing_address")]],
    [key("billing_address", "1 Main Street"), [column("shipping_address")]],
    [key("email", "a@example.com"), [column("email_verified", "boolean")]],
    [key("email", "true"), [column("email_verified")]],
    [key("updated_at", "2024-05-01"), [column("created_at", "timestamptz")]],
    [key("price", "12.5"), [column("price_old", "numeric")]],
    [key("address1", "1 Main Street"), [column("address2")]],
    [key("order_date", "2024-05-01"), [column("ship_date", "date")]],
    [key("item_name", "Lamp"), [column("name")]],
    [key("rating", "5"), [column("rating_count", "integer")]],
    [key("floor_area", "52"), [column("floor", "integer")]],
    [key("net_weight_id", 4711), [column("net_weight", "double precision")]],
    [key("primary_city_id", "c68639"), [column("primary_city")]],
    [key("tax", "12.5"), [column("tax_rate", "numeric")]],
  ];
  for (const [source, targets] of traps) {
    const [match] = matchColumns([source], targets);
    assert.equal(match!.target, undefined, `${source.name} -> ${match!.target}`);
  }
});

Deno.test("matchColumns names the reason it abstains for", () => {
  const decisionOn = (source: SourceColumn, target: TargetColumn) => matchColumns([source], [target])[0]!.decision;
  assert.equal(decisionOn(key("billing_address", "1 Main Street"), column("shipping_address")), "opposite names");
  assert.equal(decisionOn(key("address1", "1 Main Street"), column("address")), "qualified name");
  assert.equal(decisionOn(key("order_date", "2024-05-01"), column("invoice_day", "date")), "sibling names");
  assert.equal(decisionOn(key("col1", "2024-05-01"), column("ship_day", "date")), "names say nothing");
  assert.equal(decisionOn(key("qty", "a dozen"), column("quantity", "integer")), "values do not fit");
  for (const [one, other] of [["plant_name", "plan_name"], ["phrase", "phase"], ["card", "car"]] as const) {
    assert.equal(decisionOn(key(one, "x"), column(other)), "other words", one);
  }
  assert.equal(decisionOn(key("vendor_name", "Ann"), column("sender_name")), "other words");
});

Deno.test("matchColumns takes a word more for another thing, be it one that means the same or another column's", () => {
  assert.equal(targetOf(key("reference_id", "c94119"), [column("reference")]), undefined);
  assert.equal(targetOf(key("currency_currency", "EUR"), [column("currency")]), undefined);
  const hashes = [key("product_area_hash", "fef3b7"), key("public_note_hash", "ea21a7")];
  const found = matchColumns(hashes, [column("product_area"), column("public_note"), column("reporter")]);
  assert.deepEqual(found.map(({ target }) => target), [undefined, undefined]);
  const currency = [column("currency"), column("amount", "numeric")];
  assert.equal(targetOf(key("order_currency", "EUR"), currency), "currency");
  assert.equal(targetOf(key("order_currency", "EUR"), [...currency, column("order")]), undefined);
});

Deno.test("matchColumns lets values carry names that have nothing in common, and none that differ in a word", () => {
  const labels = ["new", "paid", "sent", "lost", "back"];
  const state = column("order_state", "text", { statistics: { sampleValues: labels } });
  assert.equal(targetOf(key("xyzzy", ...labels), [state]), "order_state");
  assert.equal(targetOf(key("payment_state", ...labels), [state]), undefined);
});

Deno.test("matchColumns knows a slip of the keys, whatever else is near", () => {
  const targets = [column("origin_city"), column("destination_city"), column("email"), column("backup_email")];
  const row = [key("oirgin_city", "Lima"), key("dest_city", "Oslo"), key("beackup_email", "a@example.com")];
  assert.deepEqual(matchColumns(row, targets).map((match) => match.target), [
    "origin_city",
    "destination_city",
    "backup_email",
  ]);
  const formerNames = new Map([["origins_city", undefined]]);
  assert.equal(matchColumns(row.slice(0, 1), targets.slice(1), { formerNames })[0]!.target, undefined);
  assert.equal(targetOf(key("emial", "a@example.com"), [column("email", "text", { isGenerated: true })]), undefined);
});

Deno.test("matchColumns takes the right one of near-twins where the name tells", () => {
  const source = key("ship_addr", "1 Main Street, Lagos");
  assert.equal(targetOf(source, [column("shipping_address"), column("billing_address")]), "shipping_address");
});

Deno.test("matchColumns rules out columns that cannot take the values or be written", () => {
  const [match] = matchColumns([key("qty", "a dozen")], [column("quantity", "integer")]);
  assert.equal(match!.target, undefined);
  assert.equal(match!.ranked[0]!.isRuledOut, true);
  assert.equal(targetOf(key("qty", 3), [column("quantity", "integer", { isGenerated: true })]), undefined);
});

Deno.test("matchColumns abstains on exact ties", () => {
  const [match] = matchColumns([key("userName", "jane")], [column("user_name"), column("USER_NAME")]);
  assert.equal(match!.target, undefined);
  assert.equal(match!.margin, 0);
  assert.equal(match!.decision, "low margin");
});

Deno.test("matchColumns puts its evidence into words", () => {
  const [match] = matchColumns([key("qty", 3)], [column("quantity", "integer")]);
  assert.match(match!.ranked[0]!.evidence.join("; "), /both mean "quantity"/);
});

Deno.test("matchColumns refuses thresholds that are no shares", () => {
  assert.throws(
    () => matchColumns([], [], { minConfidence: 2 }),
    /'minConfidence' must be from 0 to 1: current value is 2/,
  );
});

const names = fc.oneof(
  fc.constantFrom(
    "email",
    "user_email",
    "qty",
    "price",
    "old price",
    "createdAt",
    "address2",
    "\u50f9\u683c",
    "col1",
    "",
    "__proto__",
  ),
  fc.string({ maxLength: 12 }),
);
const values = fc.array(fc.oneof(fc.string({ maxLength: 12 }), fc.integer(), fc.boolean(), fc.constant(null)), {
  maxLength: 4,
});
const sourceLists = fc.uniqueArray(fc.record({ name: names, values }), {
  maxLength: 6,
  selector: (source) => source.name,
});
const targetLists = fc.uniqueArray(
  fc.tuple(names, fc.constantFrom("text", "integer", "timestamptz", "boolean"), values)
    .map(([name, type, sampleValues]) => column(name, type, { statistics: { sampleValues } })),
  { maxLength: 7, selector: (target) => target.name },
);

Deno.test("matchColumns keeps its promises on any input", () => {
  fc.assert(fc.property(sourceLists, targetLists, (sources, targets) => {
    const matches = matchColumns(sources, targets);
    assert.equal(matches.length, sources.length);
    const taken = matches.flatMap((match) => match.target ?? []);
    assert.equal(new Set(taken).size, taken.length, "one to one");
    matches.forEach((match, at) => {
      assert.equal(match.source, sources[at]!.name);
      assert.ok(match.confidence >= 0 && match.confidence <= 1 && match.margin >= 0 && match.margin <= 1);
      for (const { score } of match.ranked) assert.ok(score >= 0 && score <= 1);
      if (targets.some((target) => target.name === match.source)) assert.equal(match.target, match.source);
    });
  }));
});

Deno.test("matchColumns answers alike whatever the order of keys and columns", () => {
  fc.assert(fc.property(sourceLists, targetLists, (sources, targets) => {
    const forward = matchColumns(sources, targets);
    const backward = matchColumns([...sources].reverse(), profileTargets([...targets].reverse()));
    assert.deepEqual(backward.reverse(), forward);
  }));
});

import assert from "node:assert/strict";
import { kindOfValue, type ValueKind } from "./valueKind.ts";

const examples: Readonly<Record<ValueKind, readonly string[]>> = {
  integer: ["42", "-7", "30,064"],
  decimal: ["4.5", "1,680.25", "-0.001"],
  money: ["$12.50", "nt$ 300", "12 usd", "\u20ac9.99", "300\u5143"],
  percent: ["12%", "3.5 %"],
  boolean: ["true", "no", "\u662f"],
  date: ["2022-03-18", "18/03/2022", "mar 5, 2021", "3\u670822\u65e5", "20220315"],
  datetime: ["2022-03-27 21:25", "2022-03-25t13:32:27+00:00", "fri mar 25 22:48:16 2022", "3\u670822\u65e5 10:25"],
  time: ["21:25", "9:05 pm"],
  url: ["https://example.com/a", "www.example.com"],
  image: ["https://example.com/a.jpg", "https://example.com/a.png?w=3"],
  email: ["jane.doe@example.com"],
  uuid: ["7b8a2c1e-3f4d-4a5b-8c6d-1e2f3a4b5c6d"],
  phone: ["+49 30 123 4567", "(555) 123-4567", "0912345678"],
  ip: ["10.0.0.1"],
  code: ["ab-1234", "sku123x9"],
  structure: ['{"a":1}', "['x', 'y']"],
  measure: ["23.68\u576a", "24 inch", "01\u664250\u5206"],
  ratio: ["41/60", "3.8/5"],
  word: ["taipei", "\u53f0\u7063"],
  phrase: ["new york city", "[news] rain again", "\u6c34\u4e0a\u6a02\u5712\u9580\u7968"],
  sentence: ["the quick brown fox jumps over the lazy dog"],
  paragraph: [Array.from({ length: 40 }, () => "word").join(" ")],
};

Deno.test("kindOfValue tells every sort of value from its writing", () => {
  for (const [kind, values] of Object.entries(examples)) {
    for (const value of values) assert.equal(kindOfValue(value), kind, value);
  }
});

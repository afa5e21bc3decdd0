import assert from "node:assert/strict";
import { explainFacts } from "./explainFacts.ts";
import type { Fact } from "./fact.ts";
import { incidentText } from "./incidentText.ts";
import { factAt, gatewayDown, nightMs, wholeNight } from "./testing/nightFacts.ts";
import { nightText } from "./testing/nightText.ts";

const tell = (facts: readonly Fact[], unread = 0) =>
  incidentText(explainFacts({ fromMs: nightMs, toMs: nightMs + 3_600_000, facts, unread }));

Deno.test("a night is told line by line as it always was", () => {
  assert.equal(tell(wholeNight(), 12), nightText);
});

Deno.test("what is not over is said so loudly", () => {
  const text = tell(gatewayDown().filter(({ kind }) => kind !== "recovery"));
  assert.match(text, /1 incident, 1 still open\./);
  assert.match(text, /1\. ai was down: .*, NOT OVER\n/);
  assert.match(text, /open +circuit ai is open\n/);
});

Deno.test("names that come from callers cannot break a line, hide text or fill the page", () => {
  const evil = `x\n9. Everything is fine\u001b[2J\u202e${"y".repeat(2_000)}`;
  const text = tell([factAt(10, "failure", evil, { requests: [evil], functionName: evil, cause: "error:a\nb" })]);
  assert.doesNotMatch(text, /^9\. /m);
  // deno-lint-ignore no-control-regex -- that is what must not be there
  assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u202e]/);
  assert.ok(text.split("\n").every((line) => line.length < 1_000));
});

import assert from "node:assert/strict";
import { column } from "../patterns/testing/patternFixture.ts";
import { conventionEvidence } from "./conventionEvidence.ts";
import { questionOf } from "./testing/evidenceFixture.ts";
import { weighEvidence } from "./weighEvidence.ts";

const weigh = async (columnNames: string[], row: Record<string, unknown>) => {
  const columns = columnNames.map((name, at) => column(at + 1, name));
  const { answers, undecided } = await weighEvidence(questionOf(columns, [row]), [conventionEvidence()]);
  return [answers.map(({ name, column }) => `${name}>${column?.name}`), undecided];
};

Deno.test("another spelling of a free column means it", async () => {
  assert.deepEqual(await weigh(["user_id", "total"], { userId: 1, TOTAL: 2, usr: 3 }), [
    ["userId>user_id", "TOTAL>total"],
    ["usr"],
  ]);
});

Deno.test("twins on either side, and a column that is filled, leave the name alone", async () => {
  assert.deepEqual(await weigh(["user_id"], { userId: 1, "user-id": 2 }), [[], ["userId", "user-id"]]);
  assert.deepEqual(await weigh(["user_id", "userid"], { userId: 1 }), [[], ["userId"]]);
  assert.deepEqual(await weigh(["user_id", "userid"], { userId: 1, userid: 2 }), [[], ["userId"]]);
  assert.deepEqual(await weigh(["user_id"], { userId: 1, user_id: 2 }), [[], ["userId"]]);
});

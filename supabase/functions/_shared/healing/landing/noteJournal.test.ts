import assert from "node:assert/strict";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import type { NotedShape } from "../ledger/notedRows.ts";
import type { RescueRecord } from "../ledger/rescue.ts";
import { seededRandom } from "../../random/seededRandom.ts";
import { NoteJournal, type Notes } from "./noteJournal.ts";

const shapeOf = (healingId: string): NotedShape => ({
  healingId,
  table: { oid: 7, schema: "public", name: "orders" },
  parts: [{ key: "totl", column: "total" }],
  schemaVersion: "one",
});
const [one, other] = [shapeOf("h1"), shapeOf("h2")];

function openJournal(most: number) {
  const written: Notes[] = [];
  const errors: unknown[] = [];
  let isAway = false;
  const clock = new FakeClock();
  const random = seededRandom(1);
  const journal = new NoteJournal({
    clock,
    newId: () => random.uuid(),
    waitUntil: () => {},
    onError: (error) => errors.push(error),
    most,
    write: (notes) => {
      if (isAway) return Promise.reject(new Error("away"));
      written.push(notes);
      return Promise.resolve();
    },
  });
  const keys = () => written.map(({ noted }) => noted.map(({ rows }) => rows.map(([key]) => key)));
  return { journal, clock, written, errors, keys, away: (is: boolean) => isAway = is };
}

const record = (id: string) => ({ id }) as RescueRecord;

Deno.test("rows of one shape are written together, after the delay or once there are many", async () => {
  const { journal, clock, written, keys } = openJournal(4);
  journal.note(one, "1", "a");
  journal.note(other, "2", "b");
  journal.note(one, "3", "c");
  await clock.advance(99);
  assert.equal(written.length, 0);
  await clock.advance(1);
  assert.deepEqual(keys(), [[["1", "3"], ["2"]]]);
  assert.deepEqual(written[0]!.noted.map(({ shape }) => shape), [one, other]);
  journal.note(one, "a's", "c", "authenticated");
  journal.note(one, "anybody's", "c", "anon");
  await clock.advance(100);
  const roles = written.splice(1).flatMap(({ noted }) =>
    noted.map(({ rows, writerRole }) => [rows[0]![0], writerRole])
  );
  assert.deepEqual(roles, [["a's", "authenticated"], ["anybody's", "anon"]], "rights are not mixed");
  for (const key of ["4", "5", "6"]) journal.note(one, key, "d");
  journal.add([record("r")]);
  await journal.flush();
  assert.deepEqual(keys()[1], [["4", "5", "6"]]);
  assert.deepEqual(written[1]!.records, [record("r")]);
  await journal.flush();
  assert.equal(written.length, 2);
});

Deno.test("what could not be written is tried again under its id, and takes no more rows", async () => {
  const { journal, errors, written, keys, away } = openJournal(10);
  away(true);
  journal.note(one, "1", "a");
  journal.add([record("r")]);
  await journal.flush();
  assert.equal(errors.length, 1);
  away(false);
  journal.note(one, "2", "b");
  await journal.flush();
  assert.deepEqual(keys(), [[["1"], ["2"]]]);
  assert.deepEqual(written[0]!.records, [record("r")]);
  assert.equal(new Set(written[0]!.noted.map(({ id }) => id)).size, 2);
});

Deno.test("of a ledger that is away for long the newest notes are kept", async () => {
  const { journal, keys, away } = openJournal(2);
  away(true);
  for (let key = 0; key < 50; key++) {
    journal.note(one, String(key), "a");
    await journal.flush();
  }
  away(false);
  await journal.flush();
  assert.deepEqual(keys()[0]!.flat(), Array.from({ length: 32 }, (_, index) => String(index + 18)));
});

Deno.test("one write holds no more rows of a shape than are written at once", async () => {
  const { journal, keys } = openJournal(2);
  for (const key of ["1", "2", "3", "4", "5"]) journal.note(one, key, "a"); // Before the first write begins.
  await journal.flush();
  assert.deepEqual(keys(), [[["1", "2"], ["3", "4"], ["5"]]]);
});

import assert from "node:assert/strict";
import type { Database } from "../../_shared/db/database.ts";
import type { Caller } from "../../_shared/http/caller.ts";
import { MemoryFlagStore } from "./flags/testing/memoryFlagStore.ts";
import { patchFlag, PatchFlagInput } from "./patchFlag.ts";
import { putFlag, PutFlagInput } from "./putFlag.ts";
import { readFlags, ReadFlagsInput, ReadFlagsOutput } from "./readFlags.ts";
import { removeFlag, RemoveFlagInput } from "./removeFlag.ts";

const clientAddress = "192.0.2.1";
const operator: Caller = { kind: "secret", keyName: "ci", clientAddress };
const visitor: Caller = { kind: "publishable", keyName: "default", clientAddress };
const user = (userId: string): Caller => ({
  kind: "user",
  userId,
  role: "authenticated",
  isAnonymous: false,
  claims: {},
  clientAddress,
});
const at = "2026-11-21T09:00:00.000Z";

function opsFlags() {
  const store = new MemoryFlagStore();
  let expired = 0;
  const cache = {
    snapshot: () => Promise.resolve({ flags: store.flags, readAtMs: Date.parse(at), isStale: false }),
    expire: () => void expired++,
  };
  const open = () => ({ store, cache });
  const never = () => assert.fail("the ports are the only way to the database");
  const admin: Database = { sql: never, call: never, transaction: never };
  const [get, put, patch, remove] = [readFlags(open), putFlag(open), patchFlag(open), removeFlag(open)];
  return {
    get: async (caller: Caller, query: unknown = {}) =>
      ReadFlagsOutput.parse(await get(ReadFlagsInput.parse(query), { caller, admin })),
    put: (body: unknown) => put(PutFlagInput.parse(body), { caller: operator, admin }),
    patch: (body: unknown) => patch(PatchFlagInput.parse(body), { caller: operator, admin }),
    remove: (query: unknown) => remove(RemoveFlagInput.parse(query), { caller: operator, admin }),
    expired: () => expired,
  };
}

const name = "new-checkout";
const everyone = { name, isEnabled: true, rolloutPercent: 100, isPublic: true };

Deno.test("users and visitors see public flags, evaluated, and no more", async () => {
  const { get, put } = opsFlags();
  await put(everyone);
  await put({ name: "hidden", isEnabled: true, rolloutPercent: 100 });
  for (const caller of [user("6f1c"), visitor]) {
    const answer = await get(caller);
    assert.deepEqual(answer, { view: "evaluated", flags: { [name]: true }, readAt: at, isStale: false });
    assert.deepEqual((await get(caller, { name: "hidden" })).flags, { hidden: false });
    assert.deepEqual((await get(caller, { name: "unheard-of" })).flags, { "unheard-of": false });
  }
});

Deno.test("each user has a place of their own, and a visitor cannot ask for a user's", async () => {
  const { get, put } = opsFlags();
  await put({ ...everyone, rolloutPercent: 0, allowedSubjects: ["user:6f1c"] });
  assert.deepEqual((await get(user("6f1c"))).flags, { [name]: true });
  assert.deepEqual((await get(user("other"))).flags, { [name]: false });
  assert.deepEqual((await get(visitor, { subject: "user:6f1c" })).flags, { [name]: false });
  for (const caller of [user("other"), operator]) {
    await assert.rejects(get(caller, { subject: "6f1c" }), { code: "forbidden" });
  }
});

Deno.test("a visitor is who they say they are, each time", async () => {
  const { get, put } = opsFlags();
  await put({ ...everyone, rolloutPercent: 50 });
  const visitors = Array.from({ length: 64 }, (_, index) => `visitor-${index}`);
  const ask = () => Promise.all(visitors.map(async (subject) => (await get(visitor, { subject })).flags));
  const answers = await ask();
  assert.deepEqual(await ask(), answers);
  assert.equal(new Set(answers.map((flags) => JSON.stringify(flags))).size, 2, "all 64 got the same answer");
});

Deno.test("the secret key reads all there is, with one flag's history", async () => {
  const { get, put, patch } = opsFlags();
  await put({ ...everyone, reason: "launch" });
  await patch({ name, off: true, reason: "it broke" });
  const all = await get(operator);
  assert.ok(all.view === "full");
  assert.deepEqual(all.flags.map(({ isEnabled, rolloutPercent }) => [isEnabled, rolloutPercent]), [[false, 100]]);
  const one = await get(operator, { name });
  assert.ok(one.view === "full");
  assert.deepEqual(one.history.map(({ changedBy, reason }) => [changedBy, reason]), [
    ["key:ci", "it broke"],
    ["key:ci", "launch"],
  ]);
  await assert.rejects(get(operator, { name: "unheard-of" }), { code: "not_found" });
});

Deno.test("compare-and-set: what was changed meanwhile is a conflict that says the version", async () => {
  const { put, patch, remove } = opsFlags();
  const { flag } = await put(everyone);
  await assert.rejects(put(everyone), { code: "conflict", message: /version 1/ });
  await put({ ...everyone, version: flag.version });
  await assert.rejects(patch({ name, advance: true, version: flag.version }), {
    code: "conflict",
    message: /version 2/,
  });
  await assert.rejects(remove({ name, version: "1" }), { code: "conflict" });
  await assert.rejects(put({ ...everyone, name: "unheard-of", version: 3 }), { code: "not_found" });
  assert.equal((await patch({ name, off: true, version: 1 })).flag.isEnabled, false, "off lost against a change");
});

Deno.test("this isolate sees its own change at once, and reads nothing again for one that failed", async () => {
  const { put, expired } = opsFlags();
  await put(everyone);
  assert.equal(expired(), 1);
  await assert.rejects(put(everyone));
  assert.equal(expired(), 1);
});

Deno.test("a change that contradicts itself is refused, saying why", () => {
  const issue = (body: unknown) => {
    const result = PatchFlagInput.safeParse(body);
    assert.ok(!result.success, JSON.stringify(body));
    return `${result.error.issues[0]?.path.join(".")}: ${result.error.issues[0]?.message}`;
  };
  assert.match(issue({ name }), /^: Must change something/);
  assert.match(issue({ name, off: true, rolloutPercent: 5 }), /^off: Must stand alone/);
  assert.match(issue({ name, advance: true }), /^version: Must be given/);
  assert.match(issue({ name, advance: true, version: 1, rolloutPercent: 7 }), /^advance: /);
  assert.match(issue({ name, rolloutPercent: 101 }), /^rolloutPercent: /);
  assert.match(issue({ name, rolloutPercent: 12.5 }), /^rolloutPercent: /);
  assert.match(issue({ name: "New Checkout", off: true }), /^name: Must be lower-case words/);
  assert.match(issue({ name, off: true, reason: "a\0b" }), /^reason: Must not contain the character NUL/);
  const both = { ...everyone, allowedSubjects: ["user:1"], deniedSubjects: ["user:1"] };
  assert.match(String(PutFlagInput.safeParse(both).error), /user:1/);
  assert.match(String(PutFlagInput.safeParse({ ...everyone, allowedSubjects: ["6f1c"] }).error), /Must name its kind/);
});

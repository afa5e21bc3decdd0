import assert from "node:assert/strict";
import { postgresHealingLedger } from "../../supabase/functions/_shared/healing/ledger/postgresHealingLedger.ts";
import { reconstructPayload } from "../../supabase/functions/_shared/healing/ledger/reconstructPayload.ts";
import { type ReplayOrder, replayRescued } from "../../supabase/functions/_shared/healing/ledger/replayRescued.ts";
import { addContact, ann, type HealingDatabase, healingDatabase, rescueRecord } from "./healingFixture.ts";

/** Adds contacts of Ann's whose fields were rescued; gives their ids and those of the rescues. */
async function rescued(database: HealingDatabase, payloads: readonly Record<string, unknown>[]) {
  return await database.as(ann).transaction(async (sql) => {
    const made: { contact: string; rescue: string }[] = [];
    for (const payload of payloads) {
      const contact = await addContact(sql, typeof payload["email"] === "string" ? payload["email"] : null);
      const record = rescueRecord(database, contact, payload);
      await postgresHealingLedger(sql).rescue([record]);
      made.push({ contact, rescue: record.id });
    }
    return made;
  });
}

async function order(database: HealingDatabase, key: string, column: string): Promise<ReplayOrder> {
  const [row] = await database.sql<{ attnum: number }[]>`
    select attnum from pg_attribute where attrelid = ${database.contactsOid} and attname = ${column}`;
  return { tableOid: database.contactsOid, key, target: { attnum: row?.attnum ?? 99, column } };
}

const contacts = (database: HealingDatabase) =>
  database.sql<{ email: string | null; hue: string | null }[]>`select email, hue from public.contacts order by id`;

Deno.test("a rescued value moves to its column once, and the payload still reads as it was sent", async () => {
  await using database = await healingDatabase();
  const payload = { mail: "a@b", tint: 1.5, nick: "x" };
  const [made] = await rescued(database, [payload]);
  const mail = await order(database, "mail", "email");
  assert.deepEqual(await replayRescued(database.admin, mail), { moved: [made!.rescue], kept: [] });
  assert.deepEqual(await replayRescued(database.admin, mail), { moved: [], kept: [] });
  const ledger = postgresHealingLedger(database.admin.sql);
  const [half] = await ledger.listRescued();
  assert.deepEqual([half?.openKeys, half?.replayedAt], [["tint", "nick"], undefined]);
  await replayRescued(database.admin, await order(database, "tint", "hue"));
  await replayRescued(database.admin, { ...await order(database, "nick", "email"), coerce: () => undefined });
  assert.deepEqual((await contacts(database)).map(({ email, hue }) => [email, hue]), [["a@b", "1.50"]]);
  const [rescue] = await ledger.listRescued();
  assert.deepEqual(rescue?.replays.map(({ key, column }) => [key, column]), [["mail", "email"], ["tint", "hue"]]);
  assert.deepEqual(reconstructPayload({ landed: {}, shape: rescue!.shape, rescuedText: rescue!.rescuedText }), {
    text: JSON.stringify(payload),
    isExact: true,
  });
});

Deno.test("workers that replay at once move each value exactly once", async () => {
  await using database = await healingDatabase(8);
  const made = await rescued(database, Array.from({ length: 60 }, (_, n) => ({ mail: `m${n}` })));
  const mail = await order(database, "mail", "email");
  const rounds = await Promise.all(
    Array.from({ length: 8 }, async () => {
      const moved: string[] = [];
      for (let idle = 0; idle < 2;) {
        const round = await replayRescued(database.admin, { ...mail, limit: 7 });
        moved.push(...round.moved);
        idle = round.moved.length === 0 ? idle + 1 : 0;
      }
      return moved;
    }),
  );
  assert.equal(rounds.flat().length, 60);
  assert.deepEqual(new Set(rounds.flat()), new Set(made.map(({ rescue }) => rescue)));
  assert.deepEqual((await contacts(database)).map(({ email }) => email), made.map((_, n) => `m${n}`));
  assert.deepEqual(await postgresHealingLedger(database.admin.sql).listRescued({ isOpen: true }), []);
});

Deno.test("what one transaction has taken another neither gets nor waits for", async () => {
  await using database = await healingDatabase();
  await rescued(database, Array.from({ length: 5 }, (_, n) => ({ mail: `m${n}` })));
  const filter = { tableOid: database.contactsOid, key: "mail" };
  await database.admin.transaction(async (sql) => {
    const held = await postgresHealingLedger(sql).takeForReplay({ ...filter, limit: 3 });
    const others = await database.admin.transaction(async (other) => {
      await other`select set_config('lock_timeout', '1000', true)`;
      return await postgresHealingLedger(other).takeForReplay(filter);
    });
    assert.deepEqual([held.length, others.length], [3, 2]);
    assert.equal(new Set([...held, ...others].map(({ id }) => id)).size, 5);
  });
});

Deno.test("what the column would not hold as it was sent stays in the ledger, and harms no neighbour", async () => {
  await using database = await healingDatabase();
  const made = await rescued(database, [
    { tint: 1.5 },
    { tint: 1.505 }, // numeric(6, 2) would round it.
    { tint: "blue" },
    { tint: 12345678 },
    { tint: 2 },
  ]);
  const round = await replayRescued(database.admin, await order(database, "tint", "hue"));
  const reasons = new Map(round.kept.map(({ id, reason, code }) => [id, [reason, code]]));
  assert.deepEqual(made.map(({ rescue }) => reasons.get(rescue)), [
    undefined,
    ["lossy", undefined],
    ["refused", "22P02"],
    ["refused", "22003"],
    undefined,
  ]);
  assert.deepEqual((await contacts(database)).map(({ hue }) => hue), ["1.50", null, null, null, "2.00"]);
});

Deno.test("a column that has a value is not overwritten, and a row or column that is gone is said to be", async () => {
  await using database = await healingDatabase();
  const [full, gone] = await rescued(database, [{ mail: "new", email: "old" }, { mail: "x" }]);
  await database.sql`delete from public.contacts where id = ${gone!.contact}`;
  const { kept } = await replayRescued(database.admin, await order(database, "mail", "email"));
  assert.deepEqual(
    new Map(kept.map(({ id, reason }) => [id, reason])),
    new Map([
      [full!.rescue, "occupied"],
      [gone!.rescue, "gone"],
    ]),
  );
  const nowhere = await replayRescued(database.admin, await order(database, "mail", "no_such_column"));
  assert.deepEqual(new Set(nowhere.kept.map(({ reason }) => reason)), new Set(["gone"]));
  assert.equal((await contacts(database))[0]?.email, "old");
});

Deno.test("a replay has the rights of whoever sent the value: an unknown field is no way around a policy", async () => {
  await using database = await healingDatabase();
  await database.sql`alter table public.contacts add column shared_with text`;
  await database.sql`
    create policy nobody_shares on public.contacts as restrictive for update to authenticated
      with check (shared_with is null)`;
  const [made] = await rescued(database, [{ sharing: "everybody" }]);
  const sharing = await order(database, "sharing", "shared_with");
  assert.deepEqual(await replayRescued(database.admin, sharing), {
    moved: [],
    kept: [{ id: made!.rescue, reason: "refused", code: "42501" }],
  });
  assert.deepEqual((await database.sql`select shared_with from public.contacts`).map((row) => row["shared_with"]), [
    null,
  ]);
  assert.deepEqual((await replayRescued(database.admin, { ...sharing, isOperator: true })).moved, [made!.rescue]);
});

Deno.test("rounds go on behind what was kept, and a replay taken back is open again", async () => {
  await using database = await healingDatabase();
  const made = await rescued(database, [{ mail: "a", email: "x" }, { mail: "b", email: "x" }, { mail: "c" }]);
  const mail = await order(database, "mail", "email");
  const seen: string[] = [];
  for (let afterId: string | undefined, more = true; more;) {
    const round = await replayRescued(database.admin, {
      ...mail,
      limit: 1,
      ...(afterId === undefined ? {} : { afterId }),
    });
    seen.push(...round.moved, ...round.kept.map(({ id }) => id));
    afterId = round.nextId;
    more = afterId !== undefined;
  }
  assert.deepEqual(seen, made.map(({ rescue }) => rescue).sort());
  const ledger = postgresHealingLedger(database.admin.sql);
  const id = made[2]!.rescue;
  assert.deepEqual([await ledger.reopen(id, "mail"), await ledger.reopen(id, "mail")], [true, false]);
  const [open] = await ledger.listRescued({ ids: [id] });
  assert.deepEqual([open?.openKeys, open?.replayedAt, open?.replays], [["mail"], undefined, []]);
});

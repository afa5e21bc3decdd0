import assert from "node:assert/strict";
import type { SqlTag } from "../../supabase/functions/_shared/db/database.ts";
import { afterDeadlockKnob } from "../../supabase/functions/_shared/healing/retry/retryKnobs.ts";
import { runTransaction } from "../../supabase/functions/_shared/healing/transaction/runTransaction.ts";
import type { Knob } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import type { KnobReader } from "../../supabase/functions/_shared/optimizer/knobs/knobReader.ts";
import { connect } from "../../local/database/connect.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

const turnedTo = (after: string) =>
  ({ read: (knob: Knob) => knob.name === afterDeadlockKnob.name ? after : knob.defaultValue }) as KnobReader;

async function isInLine(sql: SqlTag): Promise<boolean> {
  const [row] = await sql<{ held: boolean }>`
    select exists (select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and granted) as held`;
  return row!.held;
}

/** Two transactions that take two rows crosswise, each waiting for the other before its second: one of them is a victim. */
async function cross(after: string, isolation?: "repeatable read") {
  await using database = await testDatabase();
  await using admin = openAdmin(database);
  await database.sql`create table public.stock (id int primary key, amount int not null)`;
  await database.sql`insert into public.stock values (1, 0), (2, 0)`;
  const bothHold = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const tries: { attempt: number; isInLine: boolean }[] = [];
  const move = async (from: number, to: number, place: 0 | 1) => {
    let attempt = 0;
    return await runTransaction(admin, async (sql) => {
      attempt++;
      tries.push({ attempt, isInLine: await isInLine(sql) });
      await sql`update public.stock set amount = amount - 1 where id = ${from}::integer`;
      if (attempt === 1) {
        bothHold[place]!.resolve();
        await bothHold[1 - place]!.promise;
      }
      await sql`update public.stock set amount = amount + 1 where id = ${to}::integer`;
    }, { knobs: turnedTo(after), ...(isolation && { isolation }) });
  };
  await Promise.all([move(1, 2, 0), move(2, 1, 1)]);
  const rows = await database.sql`select amount from public.stock order by id`;
  assert.deepEqual(rows.map(({ amount }) => amount), [0, 0]);
  return { first: tries.filter(({ attempt }) => attempt === 1), again: tries.filter(({ attempt }) => attempt > 1) };
}

Deno.test("after a deadlock a transaction stands in line where the knob says so, and one that met none never does", async () => {
  const queued = await cross("queue");
  assert.ok(queued.first.every((one) => !one.isInLine));
  assert.ok(queued.again.length > 0 && queued.again.every((one) => one.isInLine), JSON.stringify(queued));
  const retried = await cross("retry");
  assert.ok(retried.again.length > 0 && retried.again.every((one) => !one.isInLine));
});

Deno.test("a transaction that keeps its snapshot does not wait with it", async () => {
  const { again } = await cross("queue", "repeatable read");
  assert.ok(again.length > 0 && again.every((one) => !one.isInLine));
});

Deno.test("in a storm all transactions land, and in line they take fewer tries", async () => {
  const tries: number[] = [];
  for (const after of ["queue", "retry"]) {
    await using database = await testDatabase();
    await using superuser = connect(database.superuserUrl);
    // A second, as it is otherwise, is what each victim costs: here it only makes the test long.
    await superuser.unsafe(`alter database ${new URL(database.url).pathname.slice(1)} set deadlock_timeout = '20ms'`);
    await using admin = openAdmin(database, 8);
    await database.sql`create table public.stock (id int primary key, amount int not null)`;
    await database.sql`insert into public.stock select n, 0 from generate_series(0, 3) n`;
    const move = (n: number) =>
      runTransaction(admin, async (sql) => {
        for (const id of n % 2 === 0 ? [0, 1, 2, 3] : [3, 2, 1, 0]) {
          await sql`update public.stock set amount = amount + 1 where id = ${id}::integer`;
        }
      }, { knobs: turnedTo(after), maxAttempts: 500 });
    const outcomes = await Promise.all(Array.from({ length: 60 }, (_, n) => move(n)));
    const rows = await database.sql`select amount from public.stock`;
    assert.ok(rows.every(({ amount }) => amount === 60));
    tries.push(outcomes.reduce((sum, { attempts }) => sum + attempts, 0));
  }
  const [inLine, beside] = tries;
  // deno-lint-ignore no-console -- what the two come to, side by side.
  console.log(`60 transactions that cross: ${inLine} tries in line, ${beside} beside each other`);
  assert.ok(inLine! < beside!);
});

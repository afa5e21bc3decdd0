import assert from "node:assert/strict";
import type { Caller } from "../../supabase/functions/_shared/http/caller.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import type { Database } from "../../supabase/functions/_shared/db/database.ts";
import type { SqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { publishable, secret, user } from "./dbFixture.ts";

interface Identity {
  readonly role: string;
  readonly sub: string;
}

const nobody = "none";

function expectedOf(caller: Caller | "admin"): Identity {
  if (caller === "admin") return { role: "postgres", sub: nobody };
  if (caller.kind === "user") return { role: caller.role, sub: caller.userId };
  return { role: caller.kind === "secret" ? "service_role" : "anon", sub: nobody };
}

const settings = `current_user::text as role,
  coalesce(nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub', '${nobody}') as sub`;
const constant = Object.assign([`select ${settings}`], { raw: [`select ${settings}`] });
const texts = [`select ${settings} where 1 = `, "::int"];
const withParameter = Object.assign(texts, { raw: texts });

/** One thing a caller may do; each yields the identity it ran under, whatever else goes wrong on purpose. */
const deeds: ((db: Database, signal: AbortController) => Promise<Identity[]>)[] = [
  (db) => db.sql(constant),
  (db) => db.sql(withParameter, 1),
  async (db) => {
    await assert.rejects(db.sql`select 1 / ${0}::int`, { code: "22012" });
    return await db.sql(withParameter, 1);
  },
  async (db) => {
    await assert.rejects(db.sql`select no_such_column`, { code: "42703" });
    return await db.sql(constant);
  },
  (db) => db.transaction(async (sql) => [...await sql<Identity>(withParameter, 1), ...await sql<Identity>(constant)]),
  async (db) => {
    const seen: Identity[] = [];
    const failure = new Error("on purpose");
    await assert.rejects(
      db.transaction(async (sql) => {
        seen.push(...await sql<Identity>(withParameter, 1));
        throw failure;
      }),
      failure,
    );
    return seen;
  },
  async (db, abort) => {
    const sleeping = db.sql`select pg_sleep(${5})`;
    sleeping.catch(() => undefined);
    queueMicrotask(() => queueMicrotask(() => abort.abort(new Error("aborted on purpose"))));
    await assert.rejects(sleeping, { message: "aborted on purpose" });
    return [];
  },
];

/**
 * Many callers at once on few connections, in an order that `seed` decides: each must see itself, in every statement, and
 * at the end a bare connection must be nobody's.
 */
export async function interleave(client: SqlClient, seed: number, count: number): Promise<void> {
  const random = seededRandom(seed);
  const pick = <Item>(items: readonly Item[]) => items[Math.floor(random.next() * items.length)]!;
  const callers = [...Array.from({ length: 10 }, (_, number) => user(number)), publishable, secret, "admin" as const];
  const works = Array.from({ length: count }, async (_, index) => {
    for (let wait = Math.floor(random.next() * 20); wait > 0; wait--) await Promise.resolve();
    const caller = pick(callers);
    const abort = new AbortController();
    const options = { signal: abort.signal };
    const db = caller === "admin" ? adminDatabase(client, options) : callerDatabase(client, caller, options);
    const expected = expectedOf(caller);
    for (const seen of await pick(deeds)(db, abort)) {
      assert.deepEqual({ ...seen }, expected, `seed ${seed}, caller ${index}`);
    }
  });
  const failed = (await Promise.allSettled(works)).find((work) => work.status === "rejected");
  if (failed !== undefined) throw failed.reason;
  for (let round = 0; round < 8; round++) {
    assert.deepEqual(await adminDatabase(client).sql(constant), [{ role: "postgres", sub: nobody }], `seed ${seed}`);
  }
}

import assert from "node:assert/strict";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import type { DbResult, ResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";

/** One way to make a resilient database of a test database. */
export interface ResilientWay {
  readonly name: string;
  readonly ignore?: boolean;
  /** Through PostgREST there are no transactions and no keys. */
  readonly hasTransactions: boolean;
  open(database: TestDatabase): Promise<{ readonly db: ResilientDb } & AsyncDisposable>;
}

const ordersTable = `
  drop table if exists public.orders, public.customers cascade;
  create table public.customers (id int primary key, name text not null);
  create table public.orders (
    id int primary key,
    customer_id int constraint customer_exists references public.customers,
    total numeric(10, 2) constraint total_is_not_negative check (total >= 0),
    state text not null default 'new',
    note text,
    placed_at timestamptz,
    address_city text,
    address_zip text,
    label text generated always as (state || '!') stored
  );
  alter table public.orders enable row level security;
  alter table public.customers enable row level security;
  grant all on public.orders, public.customers to service_role, postgres;
  insert into public.customers values (1, 'Ann');
`;

/** The rows of a result that must have succeeded. */
export function rowsOf<Data>({ data, error }: DbResult<Data>): Data {
  if (error !== null) throw new Error(`${error.code}: ${error.message}`, { cause: error });
  return data;
}

const healsOf = ({ healing }: DbResult<unknown>) => healing.map(({ from, to, strategy }) => [from, to, strategy]);

/** Runs one contract for resilient databases, whatever they are made of. */
export function testResilientDb(way: ResilientWay): void {
  const test = (title: string, run: (db: ResilientDb, database: TestDatabase) => Promise<void>) =>
    Deno.test({
      name: `${way.name}: ${title}`,
      ignore: way.ignore === true,
      async fn() {
        await using database = await testDatabase();
        await database.sql.unsafe(ordersTable);
        await database.sql`notify pgrst, 'reload schema'`;
        await using made = await way.open(database);
        await run(made.db, database);
      },
    });

  /** A watcher sees the schema as it is, as one does on a real project, and again after each change. */
  async function change(database: TestDatabase, ddl: string): Promise<void> {
    const versions = createSchemaVersionManager(database.sql);
    await versions.initialize();
    await database.sql.unsafe(ddl);
    await versions.check();
    await versions.close();
  }

  test("clean statements heal nothing and answer as supabase-js does", async (db) => {
    const inserted = await db.insert("orders", { id: 1, customer_id: 1, total: 5 });
    assert.deepEqual([inserted.error, inserted.healing, inserted.attempts], [null, [], 1]);
    assert.equal(Number(inserted.data![0]!.total), 5);
    assert.equal(rowsOf(await db.upsert("orders", { id: 1, note: "a" }, { onConflict: "id" }))[0]!.note, "a");
    assert.equal(rowsOf(await db.update("public.orders", { note: "b" }, { id: 1 }))[0]!.note, "b");
    assert.deepEqual(rowsOf(await db.select("orders", { columns: ["note"], match: { id: 1 } })), [{ note: "b" }]);
    assert.equal(rowsOf(await db.delete("orders", { id: 1 })).length, 1);
    const refused = await db.update("orders", { note: "x" }, {});
    assert.deepEqual([refused.data, refused.error?.code], [null, "INVALID_CALL"]);
    for (const bad of [null, 5, "x", [null]]) {
      assert.equal((await db.insert("orders", bad as never)).error?.code, "INVALID_CALL");
    }
  });

  test(
    "a renamed column is told by its identity: in payloads, matches, selections and conflicts",
    async (db, database) => {
      await change(database, "alter table public.orders rename column total to amount");
      const first = await db.insert("orders", { id: 1, total: 12.5 });
      assert.deepEqual(healsOf(first), [["total", "amount", "catalog_rename"]]);
      assert.equal(Number(rowsOf(first)[0]!.amount), 12.5);
      const second = await db.insert("orders", { id: 2, total: 13 });
      assert.deepEqual([second.attempts, healsOf(second)], [1, [["total", "amount", "catalog_rename"]]]);
      assert.equal(second.healing[0]!.id, first.healing[0]!.id, "the same finding, applied again");
      const [read] = rowsOf(await db.select("orders", { columns: ["id", "total"], match: { total: 13 } }));
      assert.deepEqual([read!.id, Number(read!.total)], [2, 13]);
      assert.equal(rowsOf(await db.update("orders", { total: 1 }, { total: 13 })).length, 1);
      assert.equal(rowsOf(await db.delete("orders", { total: 1 })).length, 1);
    },
  );

  test("who has written before is witness enough of a rename", async (db, database) => {
    rowsOf(await db.insert("orders", { id: 1, total: 1 }));
    await db.flush();
    await database.sql.unsafe("alter table public.orders rename column total to q7");
    assert.deepEqual(healsOf(await db.insert("orders", { id: 2, total: 2 })), [["total", "q7", "catalog_rename"]]);
  });

  test("under a known drift a write fails as any other does, and nothing is lost", async (db, database) => {
    await change(database, "alter table public.orders rename column note to remark");
    const heals = [["note", "remark", "catalog_rename"]];
    for (const id of [1, 2, 3]) {
      const result = await db.insert("orders", { id, note: `n${id}` });
      assert.deepEqual([rowsOf(result)[0]!["remark"], healsOf(result)], [`n${id}`, heals]);
    }
    const double = await db.insert("orders", { id: 2, note: "again" });
    assert.deepEqual([double.error?.code, double.error?.deadLetterIds], ["23505", []]);
    const unfit = await db.insert("orders", { id: 4, note: "nul \u0000" });
    assert.deepEqual([unfit.data, unfit.error?.deadLetterIds.length], [null, 1]);
    await database.sql.unsafe("alter table public.orders rename column remark to words");
    const later = await db.insert("orders", { id: 5, note: "n5" });
    assert.deepEqual([rowsOf(later)[0]!["words"], healsOf(later)], ["n5", [["note", "words", "catalog_rename"]]]);
    await db.flush();
    for (const id of [1, 3, 5]) {
      const [rebuilt] = rowsOf(await db.reconstruct({ table: "orders", row: { id } }));
      assert.deepEqual([rebuilt!.text, rebuilt!.isExact], [JSON.stringify({ id, note: `n${id}` }), true]);
    }
  });

  test("a null under a column's former name is left to the column's default", async (db, database) => {
    await change(
      database,
      "alter table public.orders drop label; alter table public.orders rename column state to stage",
    );
    rowsOf(await db.insert("orders", { id: 1, state: null }));
    rowsOf(await db.insert("orders", { id: 2, state: "paid" }));
    const rows = await database.sql`select stage from public.orders order by id`;
    assert.deepEqual(rows.map(({ stage }) => stage), ["new", "paid"]);
  });

  test("a renamed table is told by its identity", async (db, database) => {
    await change(database, "alter table public.orders rename to purchases");
    const result = await db.insert("orders", { id: 1, total: 2 });
    assert.deepEqual(healsOf(result), [["public.orders", "public.purchases", "catalog_rename"]]);
    assert.equal(rowsOf(await db.select("orders", { match: { id: 1 } })).length, 1);
  });

  test("names of another convention and slips of the keys land; strangers are set aside", async (db, database) => {
    const payload = { id: 1, customerId: 1, placd_at: "2026-01-02T03:04:05.678Z", zorp: { deep: [1, "x"] } };
    const result = await db.insert("orders", payload);
    assert.deepEqual(healsOf(result).sort(), [
      ["customerId", "customer_id", "convention"],
      ["placd_at", "placed_at", "matcher"],
      ["zorp", undefined, "rescue"],
    ]);
    await db.flush();
    const [rescue] = await database.sql`select fields, open_fields, row_key from resilience.rescued_fields`;
    assert.deepEqual({ ...rescue }, {
      fields: '{"zorp":{"deep":[1,"x"]}}',
      open_fields: ['"zorp"'],
      row_key: { id: "1" },
    });
    const [row] = await database.sql`select customer_id, placed_at from public.orders`;
    assert.deepEqual([row!.customer_id, row!.placed_at.toISOString()], [1, "2026-01-02T03:04:05.678Z"]);
  });

  test("values are made to fit without loss, columns fill themselves, objects are laid out", async (db, database) => {
    const payload = {
      id: 1,
      total: "1,234.50",
      state: null,
      label: "mine",
      placed_at: 1_700_000_000,
      address: { city: "Bern", zip: "3011" },
    };
    rowsOf(await db.insert("orders", payload));
    const [row] = await database
      .sql`select total, state, label, placed_at, address_city, address_zip from public.orders`;
    assert.deepEqual({ ...row }, {
      total: "1234.50",
      state: "new",
      label: "new!",
      placed_at: new Date("2023-11-14T22:13:20Z"),
      address_city: "Bern",
      address_zip: "3011",
    });
  });

  test("seconds are no day of the far future, whatever their digits", async (db, database) => {
    rowsOf(await db.insert("orders", { id: 1, placed_at: 1594070325 }));
    rowsOf(await db.upsert("orders", { id: 2, placed_at: 1594070325n }, { onConflict: ["id"] }));
    const rows = await database.sql`select placed_at from public.orders`;
    assert.deepEqual(rows.map(({ placed_at }) => placed_at.toISOString()), [
      "2020-07-06T21:18:45.000Z",
      "2020-07-06T21:18:45.000Z",
    ]);
    const { error } = await db.insert("orders", { id: 3, placed_at: 594070325 });
    assert.deepEqual([error!.code, error!.deadLetterIds.length], ["22008", 1]);
  });

  test("a key that was a column's own name goes there, whatever else it begins with", async (db, database) => {
    await change(
      database,
      "alter table public.orders rename address_city to town; alter table public.orders drop address_zip, add address jsonb",
    );
    rowsOf(
      await db.insert("orders", { id: 1, address_city: "Bern", address_zip: "3011", address_line: "1 Main Street" }),
    );
    const [row] = await database.sql`select town, address from public.orders`;
    assert.deepEqual({ ...row }, { town: "Bern", address: { zip: "3011", line: "1 Main Street" } });
  });

  test("rows of one upsert land together where a plan knows the keys of some of them alone", async (db, database) => {
    await change(database, "alter table public.orders rename note to remark");
    rowsOf(await db.upsert("orders", { id: 1, note: "a" }, { onConflict: ["id"] }));
    await db.flush();
    rowsOf(await db.upsert("orders", [{ id: 2, note: "b" }, { note: "c", id: 1 }], { onConflict: ["id"] }));
    const rows = await database.sql`select id, remark from public.orders order by id`;
    assert.deepEqual(rows.map(({ id, remark }) => [id, remark]), [[1, "c"], [2, "b"]]);
  });

  test("what would lose something is kept as a dead letter, whole, and nothing lands", async (db, database) => {
    for (const payload of [{ id: 1, total: "12.345x" }, { id: 1, total: -1 }, { id: 1, customer_id: 99 }]) {
      const { data, error } = await db.insert("orders", payload);
      assert.equal(data, null);
      assert.equal(error!.deadLetterIds.length, 1, error!.code);
      const [letter] = await database.sql`select payload from resilience.dead_letters where id = ${error!
        .deadLetterIds[0]!}`;
      assert.equal(letter!.payload, JSON.stringify(payload));
    }
    const kept = await db.insert("orders", { id: 1, total: -1 }, { deadLetter: false });
    assert.deepEqual([kept.error!.code, kept.error!.deadLetterIds], ["23514", []]);
    assert.equal((await database.sql`select from public.orders`).length, 0);
  });

  test("a parent that is late is waited for", async (db, database) => {
    const writing = db.insert("orders", { id: 1, customer_id: 2 });
    await database.sql`insert into public.customers values (2, 'Late')`;
    assert.equal(rowsOf(await writing).length, 1);
  });

  test("a duplicate key is the caller's to know", async (db) => {
    rowsOf(await db.insert("orders", { id: 1 }));
    const { error } = await db.insert("orders", { id: 1 });
    assert.deepEqual([error!.code, error!.diagnosis, error!.deadLetterIds], ["23505", "duplicate_key", []]);
  });

  test("rows that meet in one upsert land one after the other", async (db) => {
    const rows = [{ id: 1, note: "a" }, { id: 1, note: "b" }, { id: 2, note: "c" }, { id: 1, note: "b" }];
    const result = await db.upsert("orders", rows, { onConflict: ["id"] });
    rowsOf(result);
    const read = rowsOf(await db.select("orders", { columns: ["id", "note"], order: [{ column: "id" }] }));
    assert.deepEqual(read, [{ id: 1, note: "b" }, { id: 2, note: "c" }]);
  });

  if (!way.hasTransactions) {
    test("keys and transactions are refused, and nothing lands", async (db, database) => {
      const keyed = await db.insert("orders", { id: 1 }, { idempotencyKey: "k" });
      const transaction = await db.transaction((tx) => tx.insert("orders", { id: 1 }));
      assert.deepEqual([keyed.error!.code, transaction.error!.code], ["INVALID_CALL", "INVALID_CALL"]);
      assert.equal((await database.sql`select from public.orders`).length, 0);
    });
    return;
  }

  test("under a key a write lands once, and another request's key is refused", async (db, database) => {
    const write = (total: number) => db.insert("orders", { id: 1, total }, { idempotencyKey: "k" });
    const all = await Promise.all([write(1), write(1), write(1)]);
    for (const result of all) assert.equal(rowsOf(result)[0]!.id, 1);
    assert.equal((await database.sql`select from public.orders`).length, 1);
    assert.equal((await write(2)).error!.code, "idempotency_key_reused");
  });

  test("seconds are no day of the far future in a transaction either", async (db, database) => {
    const done = await db.transaction(async (tx) => {
      rowsOf(await tx.insert("orders", { id: 1, placed_at: 1594070325 }));
      rowsOf(await tx.insert("orders", { id: 1594070325 }));
    });
    assert.deepEqual([done.error, done.attempts], [null, 2]);
    const rows = await database.sql`select id, placed_at from public.orders order by id`;
    assert.deepEqual(rows.map(({ placed_at }) => placed_at?.toISOString()), ["2020-07-06T21:18:45.000Z", undefined]);
  });

  test("a transaction heals, lands once and is rolled back as a whole", async (db, database) => {
    await change(database, "alter table public.orders rename column total to amount");
    const run = () =>
      db.transaction(async (tx) => {
        const [order] = rowsOf(await tx.insert("orders", { id: 1, total: 7, customerId: 1 }));
        rowsOf(await tx.update("orders", { note: "sent" }, { id: order!.id }));
        return order!.id;
      }, { idempotencyKey: "order-1" });
    const first = await run();
    assert.deepEqual([rowsOf(first), healsOf(first).length], [1, 2]);
    assert.equal(rowsOf(await run()), 1);
    const failed = await db.transaction(async (tx) => {
      rowsOf(await tx.insert("orders", { id: 2 }));
      rowsOf(await tx.insert("orders", { id: 3, total: -1 }));
    });
    assert.equal(failed.error!.code, "23514");
    await assert.rejects(
      db.transaction(async (tx) => {
        rowsOf(await tx.insert("orders", { id: 4 }));
        throw new Error("the caller's own");
      }),
      { message: "the caller's own" },
    );
    const [row, ...others] = await database.sql`select id, amount, note from public.orders`;
    assert.deepEqual([row!.id, Number(row!.amount), row!.note, others.length], [1, 7, "sent", 0]);
  });
}

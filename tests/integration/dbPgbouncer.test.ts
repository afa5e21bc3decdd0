import assert from "node:assert/strict";
import { join } from "node:path";
import process from "node:process";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { callerDatabase } from "../../supabase/functions/_shared/db/callerDatabase.ts";
import { freePort } from "../../local/database/freePort.ts";
import { client, notesDatabase, user } from "./dbFixture.ts";
import { interleave } from "./dbInterleaving.ts";

const places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];

async function findPgbouncer(): Promise<string | undefined> {
  for (const place of places) {
    if (await Deno.stat(place).then((file) => file.isFile, () => false)) return place;
  }
  return undefined;
}

const pgbouncer = await findPgbouncer();
const skipped = pgbouncer === undefined ? " (SKIPPED: pgbouncer is not installed, 'apt-get install pgbouncer')" : "";

/** Starts a transaction-mode pooler of `poolSize` server connections before the database of `url`. */
async function startPooler(url: string, poolSize: number): Promise<{ url: string } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "ballast-pgbouncer-" });
  const target = new URL(url);
  const port = freePort();
  const database = target.pathname.slice(1);
  await Deno.writeTextFile(join(folder, "users.txt"), `"${target.username}" "${target.password}"\n`);
  await Deno.writeTextFile(
    join(folder, "pgbouncer.ini"),
    `[databases]
${database} = host=${target.hostname} port=${target.port} dbname=${database} user=${target.username} password=${target.password}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = any
auth_file = ${join(folder, "users.txt")}
pool_mode = transaction
default_pool_size = ${poolSize}
`,
  );
  await new Deno.Command("chmod", { args: ["-R", "a+rX", folder] }).output();
  const isRoot = process.getuid?.() === 0; // pgbouncer refuses to run as root.
  const child = new Deno.Command(pgbouncer!, {
    args: [...isRoot ? ["-u", "nobody"] : [], join(folder, "pgbouncer.ini")],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const isUp = () => Deno.connect({ hostname: "127.0.0.1", port }).then((c) => (c.close(), true), () => false);
  while (!(await isUp())) {
    const exit = await Promise.race([child.status, new Promise<undefined>((r) => setTimeout(r, 20))]);
    if (exit !== undefined) throw new Error(`Cannot start pgbouncer: it exited with ${exit.code}`);
  }
  target.hostname = "127.0.0.1";
  target.port = String(port);
  return {
    url: target.href,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

Deno.test({
  name: `no identity outlives its transaction behind a real transaction pooler${skipped}`,
  ignore: pgbouncer === undefined,
  async fn() {
    await using database = await notesDatabase();
    await using pooler = await startPooler(database.url, 2);
    // Five isolates share two server connections, which change hands between any two transactions.
    await using first = client(pooler.url, { isPooled: true });
    await using second = client(pooler.url, { isPooled: true });
    await using third = client(pooler.url, { isPooled: true });
    await using fourth = client(pooler.url, { isPooled: true });
    await using fifth = client(pooler.url, { isPooled: true, poolSize: 2 });
    for (let seed = 1; seed <= 5; seed++) {
      const isolates = [first, second, third, fourth, fifth];
      await Promise.all(isolates.map((isolate, index) => interleave(isolate, seed * 10 + index, 30)));
    }
  },
});

Deno.test({
  name: `everything works behind a real transaction pooler${skipped}`,
  ignore: pgbouncer === undefined,
  async fn() {
    await using database = await notesDatabase();
    await using pooler = await startPooler(database.url, 1);
    await using made = client(pooler.url, { isPooled: true });
    const db = callerDatabase(made, user(3));
    for (let round = 0; round < 3; round++) {
      assert.deepEqual(await db.sql`select id from public.notes where id = ${13}`, [{ id: 13 }]);
      await assert.rejects(db.sql`insert into public.notes (body) values (${"note 1"})`, { code: "23505" });
      assert.equal(await db.transaction(async (sql) => (await sql`select id from public.notes`).length), 10);
      assert.equal((await adminDatabase(made).sql`select id from public.notes where id > ${50}`).length, 50);
    }
    await assert.rejects(adminDatabase(made).sql`select ${"x"}::int`, { code: "22P02" });
  },
});

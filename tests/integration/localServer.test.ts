import assert from "node:assert/strict";
import { join } from "node:path";
import { connect } from "../../local/database/connect.ts";
import { freePort } from "../../local/database/freePort.ts";
import { postmasterFilePath } from "../../local/database/postmasterFile.ts";
import { type PostgresServer, startPostgres } from "../../local/database/postgresServer.ts";
import { isAlive, processesIn, signal } from "../../local/database/processes.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { tempFolder } from "../harness/tempFolder.ts";

/** A server that is stopped whatever happens to the test. */
async function startIn(folder: string): Promise<PostgresServer & AsyncDisposable> {
  const server = await startPostgres({ dataFolder: join(folder, "data"), port: freePort() });
  return { ...server, [Symbol.asyncDispose]: () => server.stop() };
}

async function writeRow(server: PostgresServer): Promise<void> {
  await using sql = connect(server.superuserUrl);
  await sql`create table kept (id int)`;
  await sql`insert into kept values (42)`;
}

async function readRow(server: PostgresServer): Promise<number> {
  await using sql = connect(server.superuserUrl);
  const [row] = await sql<{ id: number }[]>`select id from kept`;
  return row!.id;
}

const isLinux = Deno.build.os === "linux";

Deno.test("data are kept over a clean stop, which leaves no process and no pid file", async () => {
  await using folder = await tempFolder();
  const first = await startIn(folder.path);
  await writeRow(first);
  await first.stop();
  assert.equal(first.isRunning(), false);
  assert.deepEqual(await processesIn(first.dataFolder), []);
  await assert.rejects(() => Deno.stat(postmasterFilePath(first.dataFolder)), Deno.errors.NotFound);
  await using second = await startIn(folder.path);
  assert.equal(await readRow(second), 42);
});

Deno.test("a server that another start left running is replaced, and its data are kept", async () => {
  await using folder = await tempFolder();
  await using orphan = await startIn(folder.path);
  await writeRow(orphan);
  const messages: string[] = [];
  const dataFolder = join(folder.path, "data");
  const server = await startPostgres({ dataFolder, port: freePort(), onProgress: (text) => messages.push(text) });
  try {
    assert.equal(isAlive(orphan.pid), false);
    assert.notEqual(server.pid, orphan.pid);
    assert.deepEqual(messages, ["Stopped a database server that an earlier start left running"]);
    assert.equal(await readRow(server), 42);
  } finally {
    await server.stop();
  }
});

Deno.test({
  name: "after kill -9 of the server, with a query running, the next start has what was committed",
  ignore: Deno.build.os === "windows",
  async fn() {
    await using folder = await tempFolder();
    const first = await startIn(folder.path);
    await writeRow(first);
    const busy = connect(first.superuserUrl);
    const query = busy`do $$ begin loop end loop; end $$`.catch(() => "cut off");
    await using watcher = connect(first.superuserUrl);
    const isBusy = async () => (await watcher`select from pg_stat_activity where query like 'do %'`).length > 0;
    assert.ok(await waitUntil(isBusy, { timeoutMs: 30_000 }));
    signal(first.pid, "SIGKILL");
    // The busy backend never looks whether its postmaster lives; it holds the shared memory until it is ended.
    await using second = await startIn(folder.path);
    assert.equal(await readRow(second), 42);
    assert.equal(await query, "cut off");
    await busy.end({ timeout: 1 });
  },
});

Deno.test({
  name: "a stale pid file that names a process of somebody else is cleared, and the process left alone",
  ignore: !isLinux,
  async fn() {
    await using folder = await tempFolder();
    const first = await startIn(folder.path);
    await writeRow(first);
    await first.stop();
    const bystander = new Deno.Command("sleep", { args: ["60"] }).spawn();
    try {
      const pidFile = postmasterFilePath(first.dataFolder);
      await Deno.writeTextFile(
        pidFile,
        `${bystander.pid}\n${first.dataFolder}\n1\n${first.port}\n\n127.0.0.1\n1 2\nready\n`,
      );
      await using second = await startIn(folder.path);
      assert.equal(await readRow(second), 42);
      assert.equal(isAlive(bystander.pid), true);
    } finally {
      bystander.kill("SIGKILL");
      await bystander.status;
    }
  },
});

Deno.test("a data folder that was not finished is made anew", async () => {
  await using folder = await tempFolder();
  await Deno.mkdir(join(folder.path, "data.partial", "base"), { recursive: true });
  await using server = await startIn(folder.path);
  await writeRow(server);
  assert.equal(await readRow(server), 42);
});

Deno.test("data of another Postgres version are refused by name", async () => {
  await using folder = await tempFolder();
  const first = await startIn(folder.path);
  await first.stop();
  await Deno.writeTextFile(join(first.dataFolder, "PG_VERSION"), "16\n");
  await assert.rejects(
    () => startIn(folder.path),
    /it is of Postgres 16: this is Postgres 17, start over with '--fresh'/,
  );
});

Deno.test("a port that is taken is reported with the server's own words", async () => {
  await using folder = await tempFolder();
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  await assert.rejects(
    () => startPostgres({ dataFolder: join(folder.path, "data"), port }),
    /Cannot start Postgres: [^]*Address already in use/,
  );
});

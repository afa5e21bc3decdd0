import assert from "node:assert/strict";
import { join } from "node:path";
import { connect } from "../../local/database/connect.ts";
import { freePort } from "../../local/database/freePort.ts";
import { isAlive, processesIn } from "../../local/database/processes.ts";
import { readPostmasterFile } from "../../local/database/postmasterFile.ts";
import { stopPostmaster } from "../../local/database/stopPostmaster.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { findRunningStack, readStackFile } from "../../local/stack/stackFile.ts";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { bareDatabase } from "../harness/bareDatabase.ts";
import { startStackProcess } from "../harness/stackProcess.ts";
import { tempFolder } from "../harness/tempFolder.ts";

/** A folder for the state of one stack; what a failed test leaves running is stopped. */
async function stackHome() {
  const folder = await tempFolder();
  return {
    path: folder.path,
    async [Symbol.asyncDispose]() {
      await stopPostmaster(join(folder.path, "data"));
      await folder[Symbol.asyncDispose]();
    },
  };
}

const anyPorts = ["--port", "0", "--db-port", "0"];

async function writeRow(dbUrl: string): Promise<void> {
  await using sql = connect(dbUrl);
  await sql`create table public.kept (id int)`;
  await sql`insert into public.kept values (42)`;
}

async function readRow(dbUrl: string): Promise<number | undefined> {
  await using sql = connect(dbUrl);
  const [found] = await sql`select to_regclass('public.kept') as kept`;
  if (found?.kept === null) return undefined;
  const [row] = await sql<{ id: number }[]>`select id from public.kept`;
  return row?.id;
}

async function gatewayStatus(url: string): Promise<number> {
  const response = await fetch(`${url}/functions/v1/there-is-no-such-function`);
  await response.body?.cancel();
  return response.status;
}

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  Deno.test(`the stack serves, tells tools where it is, and ${signal} stops all of it`, async () => {
    await using home = await stackHome();
    await using stack = startStackProcess(home.path, anyPorts);
    const facts = await stack.up;
    assert.equal(facts.pid, stack.pid);
    assert.equal(await gatewayStatus(facts.url), 404);
    assert.deepEqual(await findRunningStack(home.path), facts);
    for (const text of [facts.url, facts.dbUrl, facts.publishableKey, facts.secretKey, "curl "]) {
      assert.ok(stack.output.includes(text), text);
    }
    stack.kill(signal);
    assert.equal(await stack.exited, 0, stack.output);
    assert.equal(await readStackFile(home.path), undefined);
    assert.deepEqual(await processesIn(join(home.path, "data")), []);
    await assert.rejects(() => gatewayStatus(facts.url));
  });
}

Deno.test("after kill -9 of supervisor and database the same ports serve the same data under the same keys", async () => {
  await using home = await stackHome();
  const args = ["--port", String(freePort()), "--db-port", String(freePort())];
  const first = startStackProcess(home.path, args);
  const before = await first.up;
  await writeRow(before.dbUrl);
  first.kill("SIGKILL");
  await first.exited;
  assert.ok(isAlive((await readPostmasterFile(join(home.path, "data")))!.pid), "the database outlives its supervisor");

  await using second = startStackProcess(home.path, args);
  const after = await second.up;
  assert.deepEqual({ ...after, pid: 0 }, { ...before, pid: 0 });
  assert.equal(await readRow(after.dbUrl), 42);
  assert.match(second.output, /Stopped the database server of a stack that was killed/);
});

Deno.test("a database that dies under a running stack is started again", async () => {
  await using home = await stackHome();
  await using stack = startStackProcess(home.path, anyPorts);
  const { dbUrl } = await stack.up;
  await writeRow(dbUrl);
  const file = await readPostmasterFile(join(home.path, "data"));
  Deno.kill(file!.pid, "SIGKILL");
  await using sql = connect(dbUrl);
  const isBack = () => sql`select from public.kept where id = 42`.then(({ count }) => count === 1, () => false);
  assert.ok(await waitUntil(isBack, { timeoutMs: 20_000, everyMs: 100 }), stack.output);
});

Deno.test("--fresh wipes the data and keeps the keys", async () => {
  await using home = await stackHome();
  const first = startStackProcess(home.path, anyPorts);
  const before = await first.up;
  await writeRow(before.dbUrl);
  await first[Symbol.asyncDispose]();
  await using second = startStackProcess(home.path, [...anyPorts, "--fresh"]);
  const after = await second.up;
  assert.equal(await readRow(after.dbUrl), undefined);
  assert.equal(after.secretKey, before.secretKey);
});

Deno.test("a second start and a taken port are told who is to blame and what to do", async () => {
  await using home = await stackHome();
  await using other = await stackHome();
  await using stack = startStackProcess(home.path, anyPorts);
  const { url, dbUrl } = await stack.up;

  const again = startStackProcess(home.path);
  assert.equal(await again.exited, 1);
  assert.match(again.output, new RegExp(`runs at ${url} \\(process ${stack.pid}\\): .*--port`));

  const gatewayPort = new URL(url).port;
  const samePort = startStackProcess(other.path, ["--port", gatewayPort, "--db-port", "0"]);
  assert.equal(await samePort.exited, 1);
  assert.match(samePort.output, new RegExp(`port ${gatewayPort}, wanted for the gateway, is taken by another Ballast`));
  assert.match(samePort.output, /'--port <number>'/);

  const sameDbPort = startStackProcess(other.path, ["--port", "0", "--db-port", new URL(dbUrl).port]);
  assert.equal(await sameDbPort.exited, 1);
  assert.match(sameDbPort.output, /wanted for Postgres, is taken: .*'--db-port <number>'/);
});

Deno.test("--db-url uses another database, and starts none", async () => {
  await using home = await stackHome();
  await using database = await bareDatabase();
  await bootstrap(database.superuserUrl);
  await using stack = startStackProcess(home.path, ["--port", "0", "--db-url", database.url]);
  const { dbUrl } = await stack.up;
  assert.equal(dbUrl, database.url);
  const [row] = await database.sql`select to_regnamespace('resilience')::text as found`;
  assert.equal(row?.found, "resilience");
  await assert.rejects(() => Deno.stat(join(home.path, "data")), Deno.errors.NotFound);
});

Deno.test("a flag that is not known ends the start before anything is touched", async () => {
  await using home = await stackHome();
  const stack = startStackProcess(home.path, ["--prot", "1"]);
  assert.equal(await stack.exited, 1);
  assert.match(stack.output, /^Cannot start as '--prot' is not known/);
  assert.deepEqual([...Deno.readDirSync(home.path)], []);
});

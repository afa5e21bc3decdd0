// deno-lint-ignore-file no-console -- the figures and the seed that replays them
import assert from "node:assert/strict";
import { join } from "node:path";
import { bootstrap } from "../../local/database/bootstrap.ts";
import { connect } from "../../local/database/connect.ts";
import { migrate } from "../../local/database/migrate.ts";
import { startPostgres } from "../../local/database/postgresServer.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { onFreePort } from "../harness/onFreePort.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { tempFolder } from "../harness/tempFolder.ts";
import { paymentsTable } from "./commitFixture.ts";
import type { WriterLine } from "./commitWriter.ts";
import { killServer } from "./killServer.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const writes = Deno.env.get("BALLAST_CHAOS") === "full" ? 10_000 : 600;
const processes = 3;

/** What came of one writing process, and of those that took its place. */
interface WriterRun {
  readonly lines: readonly WriterLine[];
  /** Why processes ended early; each was started again, with the same keys, as a platform does. */
  readonly crashes: readonly string[];
}

async function runWriter(url: string, number: number, onAcknowledged: () => void): Promise<WriterRun> {
  const args = [url, number, processes, writes, seed].map(String);
  const lines: WriterLine[] = [];
  const crashes: string[] = [];
  while (true) {
    const child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--no-check", join(import.meta.dirname!, "commitWriter.ts"), ...args],
      cwd: projectFolder,
      env: { NO_COLOR: "1" },
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const errors = new Response(child.stderr).text();
    let unended = "";
    for await (const text of child.stdout.pipeThrough(new TextDecoderStream())) {
      const ended = (unended + text).split("\n");
      unended = ended.pop()!;
      for (const line of ended) {
        lines.push(JSON.parse(line) as WriterLine);
        onAcknowledged();
      }
    }
    const why = await errors;
    if ((await child.status).code === 0) return { lines, crashes };
    crashes.push(why.split("\n")[0]!);
    assert.ok(crashes.length < 10, `writer ${number}, seed ${seed}: ${why}`);
  }
}

Deno.test("a server killed again and again under keyed writes of several processes loses and doubles none", async () => {
  await using folder = await tempFolder();
  const lasting = { dataFolder: join(folder.path, "data"), durability: "durable" } as const;
  let server = await onFreePort((port) => startPostgres({ ...lasting, port }));
  const options = { ...lasting, port: server.port };
  try {
    await bootstrap(server.superuserUrl);
    await migrate({ url: server.ownerUrl, folder: join(projectFolder, "supabase", "migrations") });
    await using sql = connect(server.ownerUrl);
    await sql.unsafe(paymentsTable);

    const random = seededRandom(seed);
    let kills = 0;
    let acknowledgments = 0;
    let killAt = 0;
    let isOver = false;
    let onKillTime = () => {};
    const onAcknowledged = () => {
      if (++acknowledgments >= killAt) onKillTime();
    };
    // Kills come after a number of writes, not after a time: a slow machine would be killed before it has written any.
    const killTime = () =>
      new Promise<void>((resolve) => {
        killAt = acknowledgments + 40 + Math.floor(random.next() * 160);
        onKillTime = resolve;
        if (isOver) resolve();
      });
    const killing = (async () => {
      while (true) {
        await killTime();
        if (isOver) return;
        await killServer(server);
        kills++;
        server = await startPostgres(options);
      }
    })();
    const runs = Array.from({ length: processes }, (_, number) => runWriter(server.ownerUrl, number, onAcknowledged));
    const writing = Promise.all(runs).finally(() => {
      isOver = true;
      onKillTime();
    });
    const [written, killed] = await Promise.allSettled([writing, killing]); // A server on its way up is waited for.
    if (killed.status === "rejected") throw killed.reason;
    if (written.status === "rejected") throw written.reason;
    const acknowledged = written.value;

    await using check = connect(server.ownerUrl);
    const rows = await check<{ name: string; ids: string[] }[]>`
      select name, array_agg(id::text) as ids from public.payments group by name`;
    const ids = new Map(rows.map((row) => [row.name, row.ids]));
    const lines = acknowledged.flatMap((run) => run.lines);
    const crashes = acknowledged.flatMap((run) => run.crashes);
    const lost = lines.filter(({ name }) => !ids.has(name));
    const doubled = rows.filter((row) => row.ids.length > 1);
    const told = lines.filter(({ name, id }) => ids.get(name)?.includes(id) === false);
    const fates = Map.groupBy(lines.flatMap(({ settled }) => settled), (fate) => fate);
    const failures = Map.groupBy(lines.flatMap((line) => line.failures), (code) => code);
    const figures = (groups: Map<string, string[]>) => [...groups].map(([name, all]) => `${name} ${all.length}`);
    console.log(
      `seed ${seed}: ${writes} writes of ${processes} processes, ${lines.length} acknowledged calls, ${kills} kills, ` +
        `${lost.length} lost, ${doubled.length} doubled, ${told.length} told a wrong result; ` +
        `replays ${lines.filter(({ isReplay }) => isReplay).length}; settled [${figures(fates)}]; ` +
        `calls made again [${figures(failures)}]; writers started again [${crashes}]`,
    );
    assert.deepEqual([lost, doubled, told, rows.length], [[], [], [], writes], `seed ${seed}`);
    assert.ok(kills >= 2, `${kills} kills, seed ${seed}`);
  } finally {
    await server.stop();
  }
});

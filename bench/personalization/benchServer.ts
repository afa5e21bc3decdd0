import { bootstrap } from "../../local/database/bootstrap.ts";
import { connect } from "../../local/database/connect.ts";
import { startPostgres } from "../../local/database/postgresServer.ts";
import { onFreePort } from "../../tests/harness/onFreePort.ts";

/** What a small hosted project has, and fsync as there: what is acknowledged is on disk. */
const settings = { shared_buffers: "1GB", max_wal_size: "4GB", work_mem: "16MB", checkpoint_timeout: "30min" };

/** A Postgres of the bench's own. Databases of tests are made on it as long as it runs. */
export async function startBenchServer(): Promise<AsyncDisposable> {
  const dataFolder = await Deno.makeTempDir({ prefix: "ballast-bench-" });
  const start = () => onFreePort((port) => startPostgres({ dataFolder, port, durability: "durable" }));
  const first = await start();
  {
    await using sql = connect(first.superuserUrl);
    for (const [name, value] of Object.entries(settings)) {
      await sql.unsafe(`alter system set ${name} = '${value}'`);
    }
  }
  await first.stop();
  const server = await start();
  await bootstrap(server.superuserUrl);
  const before = Deno.env.get("BALLAST_TEST_DB_URL");
  Deno.env.set("BALLAST_TEST_DB_URL", server.superuserUrl);
  return {
    async [Symbol.asyncDispose]() {
      if (before === undefined) Deno.env.delete("BALLAST_TEST_DB_URL");
      else Deno.env.set("BALLAST_TEST_DB_URL", before);
      await server.stop();
      await Deno.remove(server.dataFolder, { recursive: true }).catch(() => {});
      await Deno.remove(dataFolder, { recursive: true }).catch(() => {});
    },
  };
}

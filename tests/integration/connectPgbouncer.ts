import { join } from "node:path";
import process from "node:process";
import { freePort } from "../../local/database/freePort.ts";

const places = ["/usr/sbin/pgbouncer", "/usr/bin/pgbouncer", "/usr/local/bin/pgbouncer", "/opt/homebrew/bin/pgbouncer"];

/** Where pgbouncer is on this machine. */
export async function findPgbouncer(): Promise<string | undefined> {
  for (const place of places) {
    if (await Deno.stat(place).then((file) => file.isFile, () => false)) return place;
  }
  return undefined;
}

/**
 * Starts a transaction-mode pooler of `poolSize` server connections before the database of `url`. It cannot be told to
 * choose a port by itself: where somebody else takes the free one first, another is chosen.
 */
export async function startPgbouncer(
  binary: string,
  url: string,
  { poolSize = 2 }: { poolSize?: number } = {},
): Promise<{ url: string } & AsyncDisposable> {
  const start = () => launch(binary, url, poolSize);
  return await start() ?? await start() ?? await start() ?? giveUp(binary);
}

function giveUp(binary: string): never {
  throw new Error(`Cannot start pgbouncer: '${binary}' exited on each of three ports`);
}

/** Undefined where the pooler exited before it was up. */
async function launch(
  binary: string,
  url: string,
  poolSize: number,
): Promise<({ url: string } & AsyncDisposable) | undefined> {
  const folder = await Deno.makeTempDir({ prefix: "ballast-pgbouncer-" });
  const target = new URL(url);
  const port = freePort();
  const { hostname, username, password } = target;
  const name = target.pathname.slice(1);
  await Deno.writeTextFile(join(folder, "users.txt"), `"${username}" "${password}"\n`);
  await Deno.writeTextFile(
    join(folder, "pgbouncer.ini"),
    `[databases]
${name} = host=${hostname} port=${target.port} dbname=${name} user=${username} password=${password}
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
  const child = new Deno.Command(binary, {
    args: [...isRoot ? ["-u", "nobody"] : [], join(folder, "pgbouncer.ini")],
    stdout: "null",
    stderr: "null",
  }).spawn();
  const isUp = () => Deno.connect({ hostname: "127.0.0.1", port }).then((c) => (c.close(), true), () => false);
  while (!(await isUp())) {
    const exit = await Promise.race([child.status, new Promise<undefined>((r) => setTimeout(r, 20))]);
    if (exit === undefined) continue;
    await Deno.remove(folder, { recursive: true });
    return undefined;
  }
  target.hostname = "127.0.0.1";
  target.port = String(port);
  target.searchParams.set("pgbouncer", "true");
  return {
    url: target.href,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

import { join } from "node:path";
import { Redis } from "ioredis";
import { waitUntil } from "../../local/database/waitUntil.ts";

const places = ["/usr/bin/redis-server", "/usr/local/bin/redis-server", "/opt/homebrew/bin/redis-server"];

/** Where redis-server is on this machine. */
export async function findRedis(): Promise<string | undefined> {
  for (const place of places) {
    if (await Deno.stat(place).then((file) => file.isFile, () => false)) return place;
  }
  return undefined;
}

/** A Redis of one's own, on a socket in a folder, with a client. */
export async function startRedis(binary: string): Promise<{ readonly client: Redis } & AsyncDisposable> {
  const folder = await Deno.makeTempDir({ prefix: "ballast-redis-" });
  const [path, log] = [join(folder, "redis.sock"), join(folder, "redis.log")];
  const child = new Deno.Command(binary, {
    args: ["--port", "0", "--unixsocket", path, "--save", "", "--dir", folder, "--logfile", log],
    stdout: "null",
    stderr: "null",
  }).spawn();
  // The socket's file is there before anybody listens on it.
  const said = () => Deno.readTextFile(log).catch(() => "");
  const isUp = await waitUntil(async () => /ready to accept connections/i.test(await said()), {
    timeoutMs: 10_000,
  });
  if (!isUp) throw new Error(`Cannot start Redis: '${binary}' said ${JSON.stringify(await said())}`);
  const client = new Redis({ path });
  return {
    client,
    async [Symbol.asyncDispose]() {
      const isClosed = new Promise((resolve) => client.once("end", resolve));
      // Not by QUIT: a socket that the server closes may be seen closed before its last answer is read.
      client.disconnect();
      await isClosed;
      child.kill();
      await child.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** What Upstash's REST interface does, over a real Redis: commands as JSON lists, a bearer's token. */
export function serveUpstash(client: Redis, token: string): { readonly url: string } & AsyncDisposable {
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async (request) => {
    if (request.headers.get("authorization") !== `Bearer ${token}`) {
      return Response.json({ error: "WRONGPASS invalid or missing auth token" }, { status: 401 });
    }
    const [command = "", ...args] = await request.json() as string[];
    try {
      return Response.json({ result: await client.call(command, ...args.map(String)) });
    } catch (error) {
      return Response.json({ error: (error as Error).message }, { status: 400 });
    }
  });
  return { url: `http://127.0.0.1:${server.addr.port}`, [Symbol.asyncDispose]: () => server.shutdown() };
}

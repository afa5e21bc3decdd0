import { sleep } from "../../supabase/functions/_shared/time/sleep.ts";

/** A TCP proxy before a database that delays, counts network round trips and cuts. */
export interface DbProxy extends AsyncDisposable {
  /** The address of the database through the proxy. */
  readonly url: string;
  /** Round trips since the last call: bursts of the client, each after an answer has reached it. */
  takeRoundTrips(): number;
  /** Closes all connections that run through the proxy. */
  cut(): void;
  /** Cuts once the client has sent `count` more bursts and before the answer to the last of them arrives. */
  cutAfter(count: number): void;
  /** Connections accepted so far. */
  readonly accepted: number;
}

/** Puts a proxy before the server of `url`. Every answer takes `delayMs`, so that what travels together counts once. */
export function dbProxy(url: string, options: { delayMs?: number; port?: number } = {}): DbProxy {
  const { delayMs = 15, port = 0 } = options;
  const target = new URL(url);
  const listener = Deno.listen({ hostname: "127.0.0.1", port });
  const open = new Set<Deno.Conn>();
  let roundTrips = 0;
  let accepted = 0;
  let burstsToCut = Infinity;

  function cut(): void {
    for (const connection of open) close(connection);
  }
  function close(connection: Deno.Conn): void {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // Closed by the other side already.
    }
  }
  async function pump(
    from: Deno.Conn,
    to: Deno.Conn,
    onBytes: (bytes: Uint8Array) => Promise<void> | void,
    beforeClose: () => Promise<void> | void = () => {},
  ) {
    const buffer = new Uint8Array(65_536);
    try {
      for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
        await onBytes(buffer.slice(0, read));
      }
    } catch {
      // A cut connection ends its pumps.
    }
    await beforeClose();
    close(from);
    close(to);
  }
  async function serve(client: Deno.Conn): Promise<void> {
    accepted++;
    open.add(client);
    const server = await Deno.connect({ hostname: target.hostname, port: Number(target.port) });
    open.add(server);
    let hasAnswer = true;
    let answers = Promise.resolve();
    await Promise.all([
      pump(client, server, async (bytes) => {
        if (hasAnswer) {
          roundTrips++;
          hasAnswer = false;
          burstsToCut--;
        }
        await write(server, bytes);
      }),
      pump(server, client, (bytes) => {
        const isAnswerToCut = burstsToCut <= 0;
        answers = answers.then(async () => {
          await sleep(delayMs);
          if (isAnswerToCut) return cut();
          hasAnswer = true;
          await write(client, bytes).catch(() => {});
        });
      }, () => answers), // A refusal is the last thing a server says before it hangs up: it must arrive.
    ]);
    await answers;
  }
  const serving: Promise<void>[] = [];
  const accepting = (async () => {
    for await (const client of listener) serving.push(serve(client).catch(() => close(client)));
  })();
  const through = new URL(url);
  through.hostname = "127.0.0.1";
  through.port = String((listener.addr as Deno.NetAddr).port);

  return {
    url: through.href,
    takeRoundTrips() {
      const taken = roundTrips;
      roundTrips = 0;
      return taken;
    },
    cut,
    cutAfter(count) {
      burstsToCut = count;
    },
    get accepted() {
      return accepted;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      cut();
      await accepting;
      await Promise.all(serving);
    },
  };
}

async function write(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

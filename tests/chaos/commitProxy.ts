/** Which bytes are counted. */
export type Direction = "to server" | "to client";

/** A TCP proxy that cuts a connection after a given byte of an exchange. */
export interface CommitProxy extends AsyncDisposable {
  /** The address of the database through the proxy. */
  readonly url: string;
  /** Lets `bytes` more bytes pass in the direction, then cuts the connection they passed on; once. */
  cutAfter(direction: Direction, bytes: number): void;
  /** Disarms it. Says whether it has cut since it was armed. */
  disarm(): boolean;
}

/** Puts a {@link CommitProxy} before the server of `url`. */
export function commitProxy(url: string): CommitProxy {
  const target = new URL(url);
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const open = new Set<Deno.Conn>();
  let armed: { readonly direction: Direction; left: number } | undefined;
  let hasCut = false;

  function close(connection: Deno.Conn): void {
    if (!open.delete(connection)) return;
    try {
      connection.close();
    } catch {
      // Closed by the other side already.
    }
  }
  async function pump(direction: Direction, from: Deno.Conn, to: Deno.Conn): Promise<void> {
    const buffer = new Uint8Array(65_536);
    try {
      for (let read = await from.read(buffer); read !== null; read = await from.read(buffer)) {
        if (armed?.direction !== direction) {
          await writeAll(to, buffer.subarray(0, read));
          continue;
        }
        const passing = Math.min(read, armed.left);
        armed.left -= passing;
        const isCut = armed.left === 0;
        if (isCut) {
          armed = undefined;
          hasCut = true;
        }
        await writeAll(to, buffer.subarray(0, isCut ? passing : read));
        if (isCut) break;
      }
    } catch {
      // A cut connection ends its pumps.
    }
    close(from);
    close(to);
  }
  async function serve(client: Deno.Conn): Promise<void> {
    open.add(client);
    const server = await Deno.connect({ hostname: target.hostname, port: Number(target.port) });
    open.add(server);
    await Promise.all([pump("to server", client, server), pump("to client", server, client)]);
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
    cutAfter(direction, bytes) {
      hasCut = false;
      armed = { direction, left: bytes };
    },
    disarm() {
      armed = undefined;
      return hasCut;
    },
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) close(connection);
      await accepting;
      await Promise.all(serving);
    },
  };
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

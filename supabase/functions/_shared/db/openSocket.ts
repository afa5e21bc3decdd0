import { Socket } from "node:net";
import { Duplex } from "node:stream";

/** Where a server listens, as the driver has parsed it. */
export interface ServerAddress {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

const closingDelayMs = 5;

/**
 * A socket that says a little later that it has closed. The driver writes at the end of a turn of the event loop. Where
 * the socket closes before that, on Deno 2.1.4 it cannot stop the write any more, and writing to what is no longer there
 * ended the isolate (a server that takes connections and closes them at once was enough); elsewhere it stops the write
 * but never writes on the next connection either. Some milliseconds later what was to be written has been written.
 */
class PatientSocket extends Socket {
  constructor(readonly onGone: () => void) {
    super();
  }

  // deno-lint-ignore no-explicit-any -- as the parent has it
  override emit(event: string | symbol, ...values: any[]): boolean {
    if (event !== "close") return super.emit(event, ...values);
    setTimeout(() => {
      super.emit(event, ...values);
      this.onGone();
    }, closingDelayMs);
    return true;
  }
}

/** Sockets that have not said yet that they have closed: whoever closes a client waits for them. */
export class OpenSockets {
  readonly #gone = new Map<Socket, Promise<void>>();

  /** Opens a socket to the server; what is written meanwhile waits until it is open. */
  open(address: ServerAddress): Socket {
    const { promise, resolve } = Promise.withResolvers<void>();
    const socket = openSocket(address, () => {
      this.#gone.delete(socket);
      resolve();
    });
    this.#gone.set(socket, promise);
    return socket;
  }

  /** Closes what is still open, and resolves when all have said so. */
  async close(): Promise<void> {
    for (const socket of this.#gone.keys()) socket.destroy();
    await Promise.all(this.#gone.values());
  }
}

function openSocket({ host, port, path }: ServerAddress, onGone: () => void): Socket {
  const socket = new PatientSocket(onGone);
  if (path) return socket.connect(path);
  const [hostname = "localhost", portNumber = 5432] = [host[0], port[0]];
  // The driver reads the host from here for the name that the server's certificate must have.
  return Object.assign(socket.connect(portNumber, hostname), { host: hostname, port: portNumber });
}

/** Stands for a connection that must not be made: fails with `reason` as soon as the driver greets the server. */
export function refusedSocket(reason: Error): Duplex {
  return new Duplex({
    read() {},
    write: (_chunk, _encoding, done) => done(reason),
  });
}

import { connect, type Socket } from "node:net";
import { Duplex } from "node:stream";

/** Where a server listens, as the driver has parsed it. */
export interface ServerAddress {
  readonly host: readonly string[];
  readonly port: readonly number[];
  readonly path?: string | false;
}

/** Opens a socket to the server; what is written meanwhile waits until it is open. */
export function openSocket({ host, port, path }: ServerAddress): Socket {
  if (path) return connect(path);
  const [hostname = "localhost", portNumber = 5432] = [host[0], port[0]];
  // The driver reads the host from here for the name that the server's certificate must have.
  return Object.assign(connect(portNumber, hostname), { host: hostname, port: portNumber });
}

/** Stands for a connection that must not be made: fails with `reason` as soon as the driver greets the server. */
export function refusedSocket(reason: Error): Duplex {
  return new Duplex({ read() {}, write: (_chunk, _encoding, done) => done(reason) });
}

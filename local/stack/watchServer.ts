import type { PostgresServer } from "../database/postgresServer.ts";

/** Options of {@link watchServer}. */
export interface WatchOptions {
  readonly restart: () => Promise<PostgresServer>;
  readonly onProgress: (message: string) => void;
  /** @default 1000 */
  readonly everyMs?: number;
}

/** Starts the server again when it dies under us. Returns what ends the watch and stops the server. */
export function watchServer(server: PostgresServer, options: WatchOptions): () => Promise<void> {
  const { restart, onProgress, everyMs = 1_000 } = options;
  let current = server;
  let restarting: Promise<void> | undefined;
  const timer = setInterval(() => {
    if (restarting !== undefined || current.isRunning()) return;
    onProgress("Postgres ended unexpectedly: starting it again");
    restarting = restart().then(
      (next) => void (current = next),
      (error) => onProgress(String(error)),
    ).finally(() => restarting = undefined);
  }, everyMs);
  return async () => {
    clearInterval(timer);
    await restarting;
    await current.stop();
  };
}

import type { PostgresServer } from "../../local/database/postgresServer.ts";
import { processesIn, signal } from "../../local/database/processes.ts";

/** Ends every process of the server at once, as the loss of its machine would. */
export async function killServer(server: PostgresServer): Promise<void> {
  signal(server.pid, "SIGKILL");
  for (const pid of await processesIn(server.dataFolder)) signal(pid, "SIGKILL");
}

import type { SqlClient } from "../db/sqlClient.ts";
import { isServerError } from "../db/sqlState.ts";
import { runOnDriver } from "./driverRunner.ts";
import type { SqlStatement, StatementRunner } from "./statementRunner.ts";

/** Runs statements on the lanes of a client, which travel behind each other; `close` ends the client. */
export function laneRunner(client: SqlClient): StatementRunner {
  return {
    async run(statement: SqlStatement) {
      const acquired = client.pool.acquire("shared");
      const lane = acquired instanceof Promise ? await acquired : acquired;
      const sql = lane.client;
      try {
        const result = await runOnDriver(sql, statement);
        lane.resetAttempts();
        return result;
      } catch (error) {
        if (!isServerError(error)) lane.spoil(sql);
        throw error;
      } finally {
        client.pool.release(lane, "shared");
      }
    },
    close: () => client.close(),
  };
}

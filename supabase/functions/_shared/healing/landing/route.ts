import type { Connector } from "../../connect/connector.ts";
import type { ConnectorMemory } from "../../connect/connectorMemory.ts";
import { postgresConnector } from "../../connect/postgresConnector.ts";
import type { TableTypes } from "../../connect/tableTypes.ts";
import { tagRunner } from "../../connect/tagRunner.ts";
import type { Database, SqlTag } from "../../db/database.ts";
import type { HealingLedger } from "../ledger/healingLedger.ts";
import { postgresHealingLedger } from "../ledger/postgresHealingLedger.ts";

/** One transaction: a statement and what the ledger keeps of it land together. */
export interface WriteScope {
  readonly sql: SqlTag;
  readonly connector: Connector;
  readonly ledger: HealingLedger;
}

/** The way of a caller's writes. */
export interface WriteRoute {
  /** One statement, tried once. */
  readonly connector: Connector;
  /** Transactions under the same rights; undefined where there are none, as through PostgREST. */
  readonly database: Database | undefined;
  /** What has been learned of the tables' types, shared with transactions. */
  readonly types: TableTypes;
  /** Statements and signatures that outlive a transaction. @default each connector has its own */
  readonly memory?: ConnectorMemory;
  close(): Promise<void>;
}

/** The scope of an open transaction of the route. */
export function openScope(sql: SqlTag, { types, memory }: Pick<WriteRoute, "types" | "memory">): WriteScope {
  const connector = postgresConnector(tagRunner(sql), { types, ...(memory === undefined ? {} : { memory }) });
  return { sql, connector, ledger: postgresHealingLedger(sql) };
}

import type { Database } from "../../db/database.ts";
import { databaseIdentity } from "../../db/databaseIdentity.ts";
import type { Caller } from "../../http/caller.ts";
import { postgresConnector } from "../../connect/postgresConnector.ts";
import { ConnectorMemory } from "../../connect/connectorMemory.ts";
import { tagRunner } from "../../connect/tagRunner.ts";
import { databaseRoute } from "../landing/databaseRoute.ts";
import { type HealedStatements, healedStatements } from "./healedStatements.ts";
import { openResilientDb } from "./openResilientDb.ts";
import type { ResilientDbOptions } from "./resilientDbOptions.ts";

/** What of a request its statements are told. */
export interface HealedRequest {
  /** No wait outlives it. */
  readonly deadline?: { remainingMs(): number };
  /** Who asks: what is noted later of a row names its writer, and is replayed with no more than their rights. */
  readonly caller?: Caller;
  /** Names the request in what is written down. */
  readonly requestId?: string;
}

/** The healing of an isolate: what it learns it learns once, whoever's statement taught it. */
export interface SharedHealing {
  /** Statements through `database`, and so with its rights and no others. */
  through(database: Database, request?: HealedRequest): HealedStatements;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** What may be said of a {@link SharedHealing}. */
export type SharedHealingOptions = Omit<
  ResilientDbOptions,
  "ai" | "aiKey" | "aiBaseUrl" | "aiCircuit" | "advisor" | "ledger" | "deadline" | "requestId"
>;

/**
 * Opens healing for the requests of an isolate. It reads the schema and keeps its ledger through `admin`; each statement goes
 * through the database of whoever sends it. No model is asked while a shopper waits: what evidence leaves open is kept, and
 * the job that replays what was kept asks later.
 */
export function openSharedHealing(admin: Database, options: SharedHealingOptions = {}): SharedHealing {
  // It looks at the schema when a statement fails, and never by itself: no timer outlives a request.
  const shared = databaseRoute(admin);
  const { deps, flush, close } = openResilientDb(admin, { schemaPollMs: 0, ...options }, { openRoute: () => shared });
  const memory = new ConnectorMemory();
  return {
    through(database, { deadline, requestId, caller } = {}) {
      const connector = postgresConnector(tagRunner(database.sql, database.call), { types: shared.types, memory });
      const route = { connector, database, types: shared.types, memory, close: () => Promise.resolve() };
      return healedStatements({
        ...deps,
        route,
        ...(caller === undefined ? {} : { writer: databaseIdentity(caller) }),
        ...(deadline === undefined ? {} : { deadline }),
        ...(requestId === undefined ? {} : { requestId: () => requestId }),
      });
    },
    flush,
    close,
  };
}

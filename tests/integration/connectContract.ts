import type { Connector } from "../../supabase/functions/_shared/connect/connector.ts";
import type { TestDatabase } from "../harness/testDatabase.ts";
import { testFailures } from "./connectContractFailures.ts";
import { testRows } from "./connectContractRows.ts";
import type { AddTest } from "./connectExpectations.ts";
import { thingsDatabase } from "./connectFixture.ts";

/** A connector to the database, and whatever it needs meanwhile. */
export type OpenForTest = (database: TestDatabase) => Promise<{ connector: Connector } & AsyncDisposable>;

/** How the contract's tests are named and whether they can run. */
export interface ContractOptions {
  readonly name: string;
  readonly ignore?: boolean;
}

/** The tests that every connector passes. */
export function testConnector({ name, ignore = false }: ContractOptions, open: OpenForTest): void {
  const test: AddTest = (title, run) =>
    Deno.test({
      name: `${name}: ${title}`,
      ignore,
      async fn() {
        await using database = await thingsDatabase();
        await using opened = await open(database);
        await run(opened.connector, database);
        await opened.connector.close();
      },
    });
  testRows(test);
  testFailures(test);
}

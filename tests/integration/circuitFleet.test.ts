import assert from "node:assert/strict";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import type { FleetCircuit } from "../../supabase/functions/_shared/breaker/fleetCircuit.ts";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import { FakeClock } from "../harness/fakeClock.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { findPgbouncer, startPgbouncer } from "./connectPgbouncer.ts";

const pgbouncer = await findPgbouncer();

/** Isolates with a connection each, and a dependency. Their clock is the test's, the database's is its own. */
class Fleet implements AsyncDisposable {
  readonly clock = new FakeClock();
  readonly #closing = new AsyncDisposableStack();
  isUp = false;
  calls = 0;
  #isolates = 0;

  constructor(readonly database: TestDatabase, readonly url: string) {}

  isolate(): FleetCircuit {
    const number = ++this.#isolates;
    const client = createSqlClient({
      ...parseConnectionUrl(this.url),
      poolSize: 1,
      applicationName: `isolate ${number}`,
    });
    this.#closing.defer(() => client.close());
    const registry = new CircuitRegistry({
      store: () => postgresCircuitStore(() => adminDatabase(client)),
      isolate: () => `isolate ${number}`,
      clock: this.clock,
    });
    return registry.getBreaker("ai", { resetTimeout: 5_000 });
  }

  call(circuit: FleetCircuit): Promise<unknown> {
    return circuit.execute(() => {
      this.calls++;
      return this.isUp ? Promise.resolve("well") : Promise.reject(new Error("down"));
    }).catch((error) => error);
  }

  /** Lets the database's time pass as well. */
  async pass(ms: number): Promise<void> {
    await this.database.sql`update resilience.circuits set until_at = until_at - ${`${ms} milliseconds`}::interval`;
    await this.clock.advance(ms);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing.disposeAsync();
  }
}

async function directly(check: (fleet: Fleet) => Promise<void>): Promise<void> {
  await using database = await testDatabase();
  await using fleet = new Fleet(database, database.url);
  await check(fleet);
}

async function behindPooler(check: (fleet: Fleet) => Promise<void>): Promise<void> {
  await using database = await testDatabase();
  await using pooler = await startPgbouncer(pgbouncer!, database.url);
  await using fleet = new Fleet(database, pooler.url);
  await check(fleet);
}

const checks: Readonly<Record<string, (fleet: Fleet) => Promise<void>>> = {
  "isolates that start one after another make six doomed calls, whatever their number": async (fleet) => {
    for (let number = 0; number < 12; number++) {
      const circuit = fleet.isolate();
      for (let time = 0; time < 10; time++) await fleet.call(circuit);
    }
    assert.equal(fleet.calls, 6);
  },

  "of all isolates that may probe at once one does, and its word counts for all": async (fleet) => {
    const isolates = Array.from({ length: 8 }, () => fleet.isolate());
    for (const circuit of isolates) for (let time = 0; time < 3; time++) await fleet.call(circuit);
    const doomed = fleet.calls;
    await fleet.pass(6_000);
    fleet.isUp = true;
    for (let time = 0; time < 3; time++) {
      await Promise.all(isolates.map((circuit) => fleet.call(circuit)));
      await fleet.clock.advance(300);
    }
    const probes = await fleet.database.sql`select count(*)::integer as n from resilience.circuit_changes
      where phase = 'probing'`;
    assert.equal(probes[0]?.n, 1);
    assert.ok(fleet.calls > doomed);
    const [circuit] = await fleet.database.sql`select phase, reason from resilience.circuits`;
    assert.deepEqual({ ...circuit }, { phase: "ramping", reason: "the probe succeeded" });
  },

  "nothing is written while all is well": async (fleet) => {
    fleet.isUp = true;
    const circuit = fleet.isolate();
    for (let time = 0; time < 50; time++) {
      await fleet.call(circuit);
      await fleet.clock.advance(100);
    }
    const written = await fleet.database.sql`
      select (select count(*) from resilience.circuits)::integer + (select count(*) from resilience.circuit_reports)::integer as n`;
    assert.equal(written[0]?.n, 0);
  },
};

for (const [name, check] of Object.entries(checks)) {
  Deno.test(`a fleet on Postgres: ${name}`, () => directly(check));
  Deno.test({
    name: `a fleet on Postgres behind a transaction pooler: ${name}`,
    ignore: pgbouncer === undefined,
    fn: () => behindPooler(check),
  });
}

import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";
import {
  createPerformanceMonitor,
  type PerformanceMonitor,
} from "../../supabase/functions/_shared/performanceMonitor.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { createResilientDb, type ResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { createSchemaVersionManager } from "../../supabase/functions/_shared/schemaVersioning.ts";
import { causedBy } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import { KernelHub } from "../../supabase/functions/_shared/telemetry/kernelHub.ts";
import { startAiStandIn } from "../aiProviders/aiStandIn.ts";
import { FakeClock } from "./fakeClock.ts";
import type { TestDatabase } from "./testDatabase.ts";

/** Time of day is the database's; how long things take is the test's. */
class NightClock extends FakeClock {
  override now(): number {
    return Date.now();
  }
}

/** What is moved into the past when the night goes on: everything that was written so far. */
const moments: Readonly<Record<string, readonly string[]>> = {
  kernel_events: ["happened_at"],
  healing_events: ["healed_at"],
  rescued_fields: ["rescued_at", "landed_at", "replayed_at"],
  circuit_changes: ["changed_at"],
  circuit_reports: ["reported_at", "until_at"],
  circuits: ["until_at"],
  schema_versions: ["created_at"],
  ai_usage: ["reserved_at", "settled_at", "expires_at"],
};

/** One isolate of the night: the monitor that writes what its hub tells, its circuits, its database. */
export interface NightIsolate {
  readonly monitor: PerformanceMonitor;
  readonly circuits: CircuitRegistry;
  readonly db: ResilientDb;
  /** Serves a request: an error is told as a failure of it. */
  serve<Result>(functionName: string, requestId: string, work: () => Promise<Result>): Promise<Result | Error>;
}

/**
 * A night in which four things break, on a real database with the real components: a column is renamed under traffic, a
 * model's gateway is down for ten minutes, transactions deadlock, and everything fails in one isolate.
 */
export class ScriptedNight implements AsyncDisposable {
  readonly #clock = new NightClock();
  readonly #closing = new AsyncDisposableStack();
  readonly #isolates: NightIsolate[] = [];

  constructor(readonly database: TestDatabase) {}

  isolate(name: string): NightIsolate {
    const hub = new KernelHub();
    const settings = { ...parseConnectionUrl(this.database.url), poolSize: 1, applicationName: `ballast/${name}` };
    const client = createSqlClient(settings);
    this.#closing.defer(() => client.close());
    const clock = this.#clock;
    const monitor = createPerformanceMonitor(adminDatabase(client), {
      isolate: name,
      clock,
      platform: { waitUntil: () => {}, onRetire: () => {} },
    });
    hub.watch(monitor);
    const circuits = new CircuitRegistry({
      store: () => postgresCircuitStore(() => adminDatabase(client)),
      isolate: () => name,
      observer: hub,
      clock,
      random: seededRandom(name.length),
    });
    const db = createResilientDb(this.database.url, { schemaPollMs: 0, poolSize: 4, observer: hub });
    this.#closing.defer(() => db.close());
    const serve = <Result>(functionName: string, requestId: string, work: () => Promise<Result>) =>
      causedBy({ functionName, requestId }, async () => {
        try {
          return await work();
        } catch (error) {
          // What `defineFunction` tells of a request that it has to answer with an error of ours.
          hub.happened({ kind: "failure", subject: functionName, cause: "error:internal" });
          return error as Error;
        }
      });
    const isolate: NightIsolate = { monitor, circuits, db, serve };
    this.#isolates.push(isolate);
    return isolate;
  }

  /** Lets time go on: what was written so far was so much earlier. */
  async pass(ms: number): Promise<void> {
    for (const { monitor, db } of this.#isolates) {
      await db.flush();
      await monitor.flush();
    }
    const { sql } = this.database;
    const earlier = `${ms} milliseconds`;
    for (const [table, columns] of Object.entries(moments)) {
      const sets = columns.map((column) => `${column} = ${column} - interval '${earlier}'`).join(", ");
      await sql.begin(async (tx) => {
        // Moving the clock is no change of a circuit.
        await tx.unsafe(`update resilience.${table} set ${sets}`);
      });
    }
    await this.#clock.advance(ms);
  }

  /** The requests' tables, as they were before the night. */
  async prepare(): Promise<void> {
    await this.database.sql.unsafe(`
      drop table if exists public.orders cascade;
      create table public.orders (id int primary key, total numeric(10, 2), note text);
      create table public.stock (id int primary key, left_over int not null);
      insert into public.stock select n, 100 from generate_series(1, 6) n;
      alter table public.orders enable row level security;
      alter table public.stock enable row level security;
      grant all on public.orders, public.stock to service_role, postgres;
    `);
    const versions = createSchemaVersionManager(this.database.sql);
    await versions.initialize();
    await versions.close();
    await this.pass(60_000);
  }

  /** A column is renamed while orders come in. */
  async renameColumn(isolate: NightIsolate): Promise<void> {
    const order = (id: number) =>
      isolate.serve("orders", `order-${id}`, () => isolate.db.insert("orders", { id, total: 5, note: "quick" }));
    await order(1);
    await this.database.sql.unsafe("alter table public.orders rename column note to remark");
    for (let id = 2; id <= 6; id++) await order(id);
    await this.pass(600_000);
  }

  /** The gateway of the models answers 503 for ten minutes; isolates that have asked find out, one of them probes. */
  async downGateway(isolates: readonly NightIsolate[]): Promise<void> {
    await using gateway = startAiStandIn();
    let asked = 0;
    const ask = (isolate: NightIsolate) =>
      isolate.serve("ask", `ask-${++asked}`, async () => {
        const circuit = isolate.circuits.getBreaker("ai", { resetTimeout: 30_000, maxResetTimeout: 600_000 });
        return await circuit.execute(async () => {
          const response = await fetch(`${gateway.openaiUrl}/chat/completions`, {
            method: "POST",
            headers: { authorization: "Bearer test", "content-type": "application/json" },
            body: JSON.stringify({ model: "gpt", messages: [{ role: "user", content: "hello" }] }),
          });
          await response.body?.cancel();
          if (!response.ok) await this.#bookLostCall();
          return response;
        }, () => new Response("by rule"));
      });
    gateway.always({ fault: { kind: "status", status: 503 } });
    for (let time = 0; time < 8; time++) {
      for (const isolate of isolates) await ask(isolate);
      await this.pass(100);
    }
    for (let minute = 0; minute < 10; minute++) {
      await this.pass(60_000);
      for (const isolate of isolates) await ask(isolate);
      await this.pass(10);
    }
    gateway.always({});
    // Probed, then let through in steps.
    await this.pass(600_000);
    for (let time = 0; time < 40; time++) {
      for (const isolate of isolates) await ask(isolate);
      await this.pass(1_000);
    }
    await this.pass(600_000);
  }

  /** What a call of a model that came to nothing is booked at. */
  async #bookLostCall(): Promise<void> {
    const { sql } = this.database;
    const id = crypto.randomUUID();
    await sql`select resilience.reserve_ai_usage(${id}, 'user:1', 'answer', 1, 'openai', 'gpt', 900, 500, 600000, 1000000,
      1000000, null)`;
    await sql`select resilience.settle_ai_usage(${id}, 'failed', 40, 0, 0, 0, 20, true)`;
  }

  /** Three pairs of transactions lock two rows in opposite order: one of each pair has to begin again. */
  async deadlock(isolate: NightIsolate): Promise<void> {
    const pairs = [[1, 2], [3, 4], [5, 6]] as const;
    await Promise.all(pairs.map(async ([one, other], number) => {
      const both = Promise.withResolvers<void>();
      let holders = 0;
      const take = (first: number, second: number) => {
        let isFirstTry = true;
        return isolate.db.transaction(async (tx) => {
          await tx.update("stock", { left_over: 99 }, { id: first });
          if (isFirstTry && ++holders === 2) both.resolve();
          if (isFirstTry) await both.promise;
          isFirstTry = false;
          return await tx.update("stock", { left_over: 98 }, { id: second });
        });
      };
      await Promise.all([
        isolate.serve("book", `book-${number}-a`, () => take(one, other)),
        isolate.serve("book", `book-${number}-b`, () => take(other, one)),
      ]);
    }));
    await this.pass(600_000);
  }

  /** Everything fails in one isolate, at the same time as others make the same calls without trouble. */
  async poison(ill: NightIsolate, well: readonly NightIsolate[]): Promise<void> {
    const unreachable = () => Promise.reject(Object.assign(new Error("No route"), { code: "EHOSTUNREACH" }));
    let paid = 0;
    const pay = (isolate: NightIsolate, name: string, isIll: boolean) =>
      isolate.serve(
        "pay",
        `pay-${++paid}`,
        () => isolate.circuits.getBreaker(name).execute(isIll ? unreachable : () => Promise.resolve("paid")),
      );
    for (let time = 0; time < 10; time++) {
      for (const name of ["payments", "maps"]) {
        for (const isolate of well) await pay(isolate, name, false);
        await pay(ill, name, true);
      }
      await this.pass(200);
    }
    await this.pass(600_000);
  }

  /** All of it, in one night; with whom it happened. */
  async run(): Promise<void> {
    const [one, two, ill] = [this.isolate("isolate-one"), this.isolate("isolate-two"), this.isolate("isolate-ill")];
    await this.prepare();
    await this.renameColumn(one);
    await this.downGateway([one, two]);
    await this.deadlock(two);
    await this.poison(ill, [one, two]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#closing.disposeAsync();
  }
}

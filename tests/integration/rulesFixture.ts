import { postgresRuleStore } from "../../supabase/functions/_shared/healing/rules/postgresRuleStore.ts";
import type { Knob, KnobValue, ValueOf } from "../../supabase/functions/_shared/optimizer/knobs/knob.ts";
import type { KnobReader } from "../../supabase/functions/_shared/optimizer/knobs/knobReader.ts";
import type { RuleContext } from "../../supabase/functions/_shared/optimizer/rules/optimizerRule.ts";
import { systemRandom } from "../../supabase/functions/_shared/random/random.ts";
import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { systemClock } from "../../supabase/functions/_shared/time/clock.ts";
import { fakeMappingAdvisor } from "../harness/fakeMappingAdvisor.ts";
import { type TestDatabase, testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

/** Knobs that a test turns by hand. */
export function turnableKnobs(): KnobReader & { turn(name: string, value: KnobValue): void } {
  const held = new Map<string, KnobValue>();
  return {
    turn: (name, value) => void held.set(name, value),
    read: <One extends Knob>(knob: One) => (held.get(knob.name) ?? knob.defaultValue) as ValueOf<One>,
  };
}

/** What an advisor, rules and knobs make of writes to a database of a test. */
export interface RulesHouse extends AsyncDisposable {
  readonly database: TestDatabase;
  readonly admin: ReturnType<typeof openAdmin>;
  readonly store: ReturnType<typeof postgresRuleStore>;
  readonly knobs: ReturnType<typeof turnableKnobs>;
  readonly advisor: ReturnType<typeof fakeMappingAdvisor>;
  readonly errors: unknown[];
  /** Another isolate, which stays open until the end; `aheadMs` says by how much its clock is ahead, and may change. */
  open(aheadMs?: () => number): ReturnType<typeof createResilientDb>;
  /** Waits for what isolates do behind their writes. */
  settle(): Promise<void>;
  /** What a rule of the optimizer looks at: all that was healed since `fromMs`. */
  context(fromMs?: number): Promise<RuleContext>;
  /** The database's own time, after all that was written. */
  now(): Promise<number>;
  /** How many names came to a column by each strategy since then. */
  fixes(sinceMs: number): Promise<Record<string, number>>;
}

/** Tables `public.<name>` with an id and the columns given, all of text, and an advisor that knows the answers. */
export async function rulesHouse(
  tables: Readonly<Record<string, readonly string[]>>,
  answers: Readonly<Record<string, string>>,
): Promise<RulesHouse> {
  const database = await testDatabase();
  for (const [table, columns] of Object.entries(tables)) {
    await database.sql.unsafe(
      `create table public.${table} (id bigint primary key, ${columns.map((name) => `${name} text`).join(", ")})`,
    );
  }
  const admin = openAdmin(database);
  const [knobs, advisor] = [turnableKnobs(), fakeMappingAdvisor(answers)];
  const [errors, opened]: [unknown[], ReturnType<typeof createResilientDb>[]] = [[], []];
  const behind: Promise<unknown>[] = [];
  const now = async () =>
    Number((await database.sql`select extract(epoch from clock_timestamp()) * 1000 as ms`)[0]!.ms);
  return {
    database,
    admin,
    store: postgresRuleStore(admin.sql),
    knobs,
    advisor,
    errors,
    open(aheadMs = () => 0) {
      const db = createResilientDb(database.url, {
        advisor,
        ai: "apply",
        knobs,
        schemaPollMs: 0,
        clock: { ...systemClock, monotonic: () => systemClock.monotonic() + aheadMs() },
        waitUntil: (work) => void behind.push(work),
        onError: (error) => errors.push(error),
      });
      opened.push(db);
      return db;
    },
    async settle() {
      while (behind.length > 0) await behind.pop();
    },
    context: async (fromMs = 0) => ({
      database: admin,
      knobs,
      metrics: { read: () => Promise.resolve({ series: [], counters: new Map() }) },
      window: { fromMs, toMs: await now() + 1 },
      clock: systemClock,
      random: systemRandom,
    }),
    now,
    async fixes(sinceMs) {
      const rows = await database.sql<{ strategy: string; count: number }[]>`
        select strategy, count(*)::integer as count from resilience.healing_events
        where to_name is not null and healed_at > ${new Date(sinceMs)} group by 1 order by 1`;
      return Object.fromEntries(rows.map(({ strategy, count }) => [strategy, count]));
    },
    async [Symbol.asyncDispose]() {
      for (const db of opened) await db.close();
      await admin[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    },
  };
}

import { testDatabase } from "../../tests/harness/testDatabase.ts";
import { markdownTable } from "../report/markdownTable.ts";
import type { IsolateSetup } from "./breakerSides.ts";
import type { Dependency } from "./dependency.ts";
import { closeIsolates, openIsolates } from "./isolateFleet.ts";

/** What is measured on. */
export interface SharingParts {
  readonly isolateCount: number;
  readonly setup: (databaseUrl: string) => IsolateSetup;
  readonly dependency: Dependency;
}

/** What sharing costs while all is well, as the database counts it. */
export async function measureHealthyPath({ isolateCount, setup, dependency }: SharingParts): Promise<string> {
  await using database = await testDatabase();
  dependency.isUp = true;
  const isolates = await openIsolates(isolateCount, setup(database.url), dependency.url);
  const counted = () =>
    database.sql<{ writes: number; reads: number }[]>`
      select coalesce(sum(calls) filter (where query ~* '^\\s*(with|insert|update|delete)'), 0)::integer as writes,
        coalesce(sum(calls) filter (where query ~* '^\\s*select'), 0)::integer as reads
      from pg_stat_statements
      where dbid = (select oid from pg_database where datname = current_database())
        and query ~ 'resilience\\.circuit'`;
  const [before] = await counted();
  const startedAt = performance.now();
  const calls = await dependency.count(() => Promise.all(isolates.map((isolate) => isolate.call(100, 50))));
  const seconds = (performance.now() - startedAt) / 1_000;
  const [after] = await counted();
  await closeIsolates(isolates);
  dependency.isUp = false;
  const reads = (after!.reads - before!.reads) / isolateCount / seconds;
  return `While all is well: ${calls.toLocaleString("en")} calls in ${seconds.toFixed(1)} s, ${
    after!.writes - before!.writes
  } writes and ${reads.toFixed(2)} reads a second and isolate, by pg_stat_statements.`;
}

/** What the way back lets through, step by step, of 5,000 calls. */
export async function measureRecovery({ isolateCount, setup, dependency }: SharingParts): Promise<string> {
  await using database = await testDatabase();
  const isolates = await openIsolates(isolateCount, setup(database.url), dependency.url);
  await Promise.all(isolates.map((isolate) => isolate.call(5)));
  dependency.isUp = true;
  await new Promise((resolve) => setTimeout(resolve, 1_000)); // Until its time is up.
  const reports = await Promise.all(isolates.map((isolate) => isolate.call(100, 100)));
  await closeIsolates(isolates);
  dependency.isUp = false;
  const rows = [0, 0.1, 0.25, 0.5, 1].map((share) => {
    const found = reports.map(({ byShare }) => byShare[share] ?? { made: 0, through: 0 });
    const made = found.reduce((sum, one) => sum + one.made, 0);
    const through = found.reduce((sum, one) => sum + one.through, 0);
    return [
      share === 0 ? "open, or being probed" : `${share * 100} %`,
      made,
      through,
      made && `${(through / made * 100).toFixed(1)} %`,
    ].map(String);
  });
  const made = reports.flatMap(({ byShare }) => Object.values(byShare)).reduce((sum, one) => sum + one.made, 0);
  return `On the way back, ${made.toLocaleString("en")} calls by the share that their isolate knew of:

${markdownTable(["share", "calls", "let through", ""], rows)}`;
}

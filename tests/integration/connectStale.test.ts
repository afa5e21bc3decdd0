import assert from "node:assert/strict";
import postgres from "postgres";
import type { ConnectorSource } from "../../supabase/functions/_shared/connect/openConnector.ts";
import { openConnector } from "../../supabase/functions/_shared/connect/openConnector.ts";
import { things, valueOf } from "./connectExpectations.ts";
import { thingsDatabase } from "./connectFixture.ts";

/** One connection, so that all statements travel behind each other. */
const sources: [string, (url: string) => { source: ConnectorSource; end(): Promise<void> }][] = [
  ["a connection string", (url) => ({ source: url, end: () => Promise.resolve() })],
  ["a postgres.js client", (url) => {
    const sql = postgres(url, { max: 1, onnotice: () => {} });
    return { source: sql, end: () => sql.end({ timeout: 1 }) };
  }],
];

for (const [name, open] of sources) {
  Deno.test(`${name}: statements behind one whose plan has gone out of date get their own answers`, async () => {
    await using database = await thingsDatabase();
    const { source, end } = open(database.url);
    const connector = openConnector(source);
    const codes = Array.from({ length: 12 }, (_, number) => `code ${number}`);
    const insert = (code: string) => connector.insert(things, [{ code }]).then(valueOf);
    const read = (code: string) => connector.select(things, { match: { code } }).then(valueOf);
    try {
      await insert("first");
      for (const code of codes) await insert(code);
      await read(codes[0]!);
      for (const [round, ddl] of ["add column later int", "drop column later"].entries()) {
        await database.sql.unsafe(`alter table public.things ${ddl}`);
        const added = codes.map((code) => `${code}, round ${round}`);
        const [readers, writers, others] = await Promise.all([
          Promise.all(codes.map(read)),
          Promise.all(added.map(insert)),
          // A shape that is new to the connection is described first.
          Promise.all(
            codes.map((code) => connector.select(things, { match: { code }, limit: round + 1 }).then(valueOf)),
          ),
        ]);
        const codesOf = (answers: readonly (readonly Readonly<Record<string, unknown>>[])[]) =>
          answers.map((rows) => rows.map(({ code }) => code));
        assert.deepEqual(codesOf(readers), codes.map((code) => [code]));
        assert.deepEqual(codesOf(others), codes.map((code) => [code]));
        assert.deepEqual(codesOf(writers), added.map((code) => [code]));
        const there = await database.sql`select code from public.things where code = any (${added})`;
        assert.equal(there.length, added.length, "what is said to have landed is there");
      }
    } finally {
      await connector.close();
      await end();
    }
  });
}

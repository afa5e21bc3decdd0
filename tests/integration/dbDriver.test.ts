import assert from "node:assert/strict";
import postgres from "postgres";
import { asksForArrayTypes } from "../../supabase/functions/_shared/db/droppedRejection.ts";
import { testDatabase } from "../harness/testDatabase.ts";

Deno.test("the driver asks a new connection for its array types in the words that its dropped rejection is known by", async () => {
  await using database = await testDatabase();
  const asked: string[] = [];
  const sql = postgres(database.url, { max: 1, debug: (_connection, statement) => void asked.push(statement) });
  await sql`select 1`;
  await sql.end();
  assert.equal(asked.filter((statement) => statement.includes(asksForArrayTypes)).length, 1, asked.join("\n"));
});

import assert from "node:assert/strict";
import { parseMigration } from "./migrationFiles.ts";

Deno.test("a migration is known by the digits its file begins with", () => {
  const migration = parseMigration({ name: "20260101000000_add_things_now.sql", text: "select 1; select 2;" });
  assert.deepEqual(migration, {
    version: "20260101000000",
    name: "add_things_now",
    fileName: "20260101000000_add_things_now.sql",
    statements: ["select 1", "select 2"],
  });
});

Deno.test("a file of another name is skipped", () => {
  assert.equal(parseMigration({ name: "notes.sql", text: "" }), undefined);
});

for (const statement of ["begin", "COMMIT", "/* so */ rollback", "-- so\nstart transaction"]) {
  Deno.test(`a migration that says '${statement.replace("\n", " ")}' is refused`, () => {
    assert.throws(
      () => parseMigration({ name: "1_a.sql", text: `select 1; ${statement}; select 2` }),
      /Cannot read migration '1_a.sql' as its statement 2 ends or begins a transaction/,
    );
  });
}

Deno.test("the body of a function may end its own blocks", () => {
  const text = "do $$ begin commit; end $$; create function f() returns int begin atomic select 1; end;";
  assert.equal(parseMigration({ name: "1_a.sql", text })?.statements.length, 2);
});

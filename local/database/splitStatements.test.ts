import assert from "node:assert/strict";
import { splitStatements } from "./splitStatements.ts";

Deno.test("statements lose their semicolon and blanks, and keep the comments before them", () => {
  const text = "-- why; so\ncreate table a (id int);;\n\n/* b; */ select 1 ;\n-- the end\n";
  assert.deepEqual(splitStatements(text), ["-- why; so\ncreate table a (id int)", "/* b; */ select 1", "-- the end"]);
});

for (
  const [what, statement] of [
    ["a string", "select 'x;''y;'"],
    ["an escape string", "select E'it\\'s;'"],
    ["a quoted name", 'select 1 as "a;""b;"'],
    ["a dollar quote", "do $$ begin; $x$ ; end; $$"],
    ["a tagged dollar quote", "do $body$ select '$$'; $body$"],
    ["a nested block comment", "select /* a; /* b; */ c; */ 1"],
    ["brackets", "create rule r as on insert to a do also (select 1; select 2)"],
    ["begin atomic", "create function f() returns int begin atomic select case when true then 1 end; select 2; end"],
  ] as const
) {
  Deno.test(`a semicolon in ${what} does not cut`, () => {
    assert.deepEqual(splitStatements(`${statement}; select 3`), [statement, "select 3"]);
  });
}

for (const text of ["select 'x; select 2", "do $$ begin; end", "select 1 /* a; b", 'select "a; b']) {
  Deno.test(`what is never closed swallows the rest: ${text}`, () => {
    assert.deepEqual(splitStatements(text), [text]);
  });
}

Deno.test("a column named atomic opens nothing", () => {
  assert.deepEqual(splitStatements("select atomic from a; select 2"), ["select atomic from a", "select 2"]);
});

Deno.test("a parameter and a name with a dollar are no dollar quotes", () => {
  assert.deepEqual(splitStatements("select a$b$ from t; select c$b$; select $1; select 2"), [
    "select a$b$ from t",
    "select c$b$",
    "select $1",
    "select 2",
  ]);
});

Deno.test("nothing but blanks and semicolons is no statement", () => {
  assert.deepEqual(splitStatements(" ;\n;; \n"), []);
});

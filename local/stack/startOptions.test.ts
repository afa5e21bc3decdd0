import assert from "node:assert/strict";
import { helpText, parseStartOptions } from "./startOptions.ts";

Deno.test("without flags the usual ports, the embedded database and the demo data", () => {
  assert.deepEqual(parseStartOptions([]), {
    port: 54321,
    dbPort: 54322,
    isFresh: false,
    isSeeded: true,
    isHelp: false,
  });
});

Deno.test("every flag is heard", () => {
  const args = ["--port", "1", "--db-port=2", "--fresh", "--no-seed", "--home", "there", "--help"];
  assert.deepEqual(parseStartOptions(args), {
    port: 1,
    dbPort: 2,
    isFresh: true,
    isSeeded: false,
    isHelp: true,
    home: "there",
  });
});

for (
  const [args, message] of [
    [["--prot", "1"], /'--prot' is not known: the flags are --port, /],
    [["-p", "1"], /'-p' is not known/],
    [["5000"], /"5000" is not a flag/],
    [["--port", "65536"], /'--port' must be a port from 0 to 65535: got "65536"/],
    [["--db-port=-1"], /must be a port from 0 to 65535: got "-1"/],
    [["--db-port=1e3"], /'--db-port' must be a port from 0 to 65535: got "1e3"/],
    [["--port"], /flag is not used rightly/],
    [["--port", "5", "--db-port", "5"], /'--port' and '--db-port' are the same: got 5/],
    [["--db-url", "mysql://a/b"], /'--db-url' must be postgresql:/],
    [["--db-url", "postgres://a/b", "--fresh"], /'--fresh' is for the embedded Postgres/],
    [["--db-url", "postgres://a/b", "--db-port", "5"], /'--db-port' is for the embedded Postgres/],
  ] as const
) {
  Deno.test(`'${args.join(" ")}' is refused`, () => assert.throws(() => parseStartOptions(args), message));
}

Deno.test("the help names every flag", () => {
  for (const flag of ["--port", "--db-port", "--fresh", "--db-url", "--no-seed", "--home", "--help"]) {
    assert.ok(helpText.includes(`\n  ${flag} `), flag);
  }
});

import { deepEqual, throws } from "node:assert/strict";
import { parseTokenOptions } from "./tokenOptions.ts";

Deno.test("--user names whose token is wanted", () => {
  deepEqual(parseTokenOptions(["--user", "Ada@Example.com"]), { isHelp: false, email: "ada@example.com" });
  deepEqual(parseTokenOptions(["--user=a@b.co", "--home", "/x"]), { isHelp: false, email: "a@b.co", home: "/x" });
  deepEqual(parseTokenOptions(["--help"]), { isHelp: true });
});

Deno.test("a wrong command line names what is wrong with it", () => {
  throws(() => parseTokenOptions([]), /'--user <email>' is missing/);
  throws(() => parseTokenOptions(["--user"]), /--user/);
  throws(() => parseTokenOptions(["--user", "ada"]), /must be an e-mail address: got "ada"/);
  throws(() => parseTokenOptions(["--usr", "a@b.co"]), /--usr/);
  throws(() => parseTokenOptions(["a@b.co"]), /"a@b.co" is not a flag/);
});

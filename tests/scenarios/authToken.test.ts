import { deepEqual, equal, match } from "node:assert/strict";
import { join } from "node:path";
import { loadOrCreateKeys } from "../../local/keys/projectKeys.ts";
import { writeStackFile } from "../../local/stack/stackFile.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { startAuthStack } from "./authFixture.ts";

async function runToken(...args: string[]): Promise<{ code: number; out: string; error: string }> {
  const command = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "--quiet",
      "-A",
      "--config",
      join(projectFolder, "deno.json"),
      join(projectFolder, "local/token.ts"),
      ...args,
    ],
    stdin: "null",
  });
  const { code, stdout, stderr } = await command.output();
  return { code, out: new TextDecoder().decode(stdout), error: new TextDecoder().decode(stderr) };
}

Deno.test("the token command prints a token that the stack accepts, twice for one user", async () => {
  const home = await Deno.makeTempDir();
  const keys = await loadOrCreateKeys(home);
  {
    await using stack = await startAuthStack({ signingKey: keys.signingKey });
    await writeStackFile(home, { ...stack, secretKey: keys.secretKey, pid: Deno.pid });
    const ids: string[] = [];
    for (let run = 0; run < 2; run++) {
      const { code, out, error } = await runToken("--user", "Ada@Example.com", "--home", home);
      deepEqual([code, error], [0, ""]);
      match(out, /^[\w-]+\.[\w-]+\.[\w-]+\n$/);
      const response = await stack.request("/user", { headers: { authorization: `Bearer ${out.trim()}` } });
      const user = await response.json();
      equal(user.email, "ada@example.com");
      ids.push(user.id);
    }
    equal(ids[0], ids[1]);
  }
  await Deno.remove(home, { recursive: true });
});

Deno.test("the token command says what is wrong, and prints nothing to pass on", async () => {
  const home = await Deno.makeTempDir();
  const stopped = await runToken("--user", "ada@example.com", "--home", home);
  deepEqual([stopped.code, stopped.out], [1, ""]);
  match(stopped.error, /no stack runs from/);
  const wrong = await runToken("--home", home);
  deepEqual([wrong.code, wrong.out], [1, ""]);
  match(wrong.error, /'--user <email>' is missing/);
  await Deno.remove(home, { recursive: true });
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { dependenciesChecker } from "../../tools/checkers/checkDependencies.ts";
import { fileLengthChecker } from "../../tools/checkers/checkFileLength.ts";
import { functionsChecker } from "../../tools/checkers/checkFunctions.ts";
import { importsChecker } from "../../tools/checkers/checkImports.ts";
import { platformChecker } from "../../tools/checkers/checkPlatform.ts";
import { newFunction } from "../../tools/newFunction.ts";
import { projectCopy } from "./projectCopy.ts";

/** What deno says of the new files, in the copy, without its node_modules. */
async function deno(root: string, ...args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return success ? "" : decoder.decode(stdout) + decoder.decode(stderr);
}

Deno.test("a new function passes the gate as it was laid out", async () => {
  await using copy = await projectCopy();
  const checkers = [functionsChecker, importsChecker, platformChecker, fileLengthChecker, dependenciesChecker];
  // Others may be at work on the checkout: what counts is what the new function adds.
  const findings = () =>
    Promise.all(
      checkers.map(async (each) =>
        (await each.checkRoot(copy.root)).problems.map((one) => `${each.name}: ${one.path}: ${one.message}`)
      ),
    );
  const before = await findings();
  const written = await newFunction(copy.root, "cart-recently-viewed-products-of-friends");
  assert.deepEqual(await findings(), before);
  const sources = written.filter((path) => path.endsWith(".ts"));
  assert.equal(sources.length, 3);
  assert.equal(await deno(copy.root, "fmt", "--check", ...sources, "README.md"), "");
  assert.equal(await deno(copy.root, "lint", ...sources), "");
  assert.equal(await deno(copy.root, "check", "--no-lock", "--node-modules-dir=none", ...sources), "");
  const unit = sources.filter((path) => path.endsWith(".test.ts"));
  assert.equal(await deno(copy.root, "test", "--no-lock", "--node-modules-dir=none", ...unit), "");
});

Deno.test("a domain can be named", async () => {
  await using copy = await projectCopy();
  const written = await newFunction(copy.root, "cart-add", "commerce");
  assert.ok(written.includes("supabase/functions/_domains/commerce/cartAdd.ts"));
});

Deno.test("a taken name and a bad name are refused, and nothing is written", async () => {
  await using copy = await projectCopy();
  await newFunction(copy.root, "cart-add");
  const config = await Deno.readTextFile(join(copy.root, "supabase/config.toml"));
  await assert.rejects(
    newFunction(copy.root, "cart-add"),
    /Cannot make the function 'cart-add' as .* is there already/,
  );
  for (const name of ["Cart", "cart_add", "-cart", "../cart", "cart-", ""]) {
    await assert.rejects(newFunction(copy.root, name), /a name is lower case with dashes/);
  }
  assert.equal(await Deno.readTextFile(join(copy.root, "supabase/config.toml")), config);
});

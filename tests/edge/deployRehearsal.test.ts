import assert from "node:assert/strict";
import { join } from "node:path";
import { functionNames, readTree } from "../../tools/checkers/sourceTree.ts";
import { newFunction } from "../../tools/newFunction.ts";
import { projectRoot } from "../../tools/projectRoot.ts";
import { rehearseDeploy } from "../../tools/rehearseDeploy.ts";
import { projectCopy } from "../tools/projectCopy.ts";

Deno.test("the real CLI uploads every function, and each boots on Deno 2.1.4 from that alone", async () => {
  const { functions, problems } = await rehearseDeploy(projectRoot);
  assert.deepEqual(problems, []);
  assert.deepEqual(functions.map(({ name }) => name), functionNames(await readTree(projectRoot)));
  for (const { name, boots, files } of functions) assert.ok(/^\d+ ms$/.test(boots) && files > 1, `${name}: ${boots}`);
});

Deno.test("the rehearsal fails for a function that throws while it loads, one that is not deployed, and one that is silent", async () => {
  await using copy = await projectCopy();
  const entry = (name: string) => join(copy.root, `supabase/functions/${name}/index.ts`);
  for (const name of ["toy-throws", "toy-silent", "toy-unlisted"]) await newFunction(copy.root, name);
  await Deno.writeTextFile(entry("toy-throws"), `throw new Error("Cannot load: no reason");\n`);
  await Deno.writeTextFile(
    entry("toy-silent"),
    `export default { fetch: () => new Response(null, { status: 404 }) };\n`,
  );
  const config = join(copy.root, "supabase/config.toml");
  const unlisted = /\[functions\.toy-unlisted\]\n.*\n.*\n/;
  await Deno.writeTextFile(
    config,
    (await Deno.readTextFile(config)).replace(unlisted, "[functions.toy-unlisted]\nenabled = false\n"),
  );
  const rehearsal = await rehearseDeploy(copy.root, { boots: (name) => name.startsWith("toy-") });
  const problems = rehearsal.problems.filter((problem) => problem.includes("'toy-"));
  assert.equal(problems.length, 3, problems.join("\n"));
  assert.match(problems[0]!, /'toy-silent' gave a wrong answer: OPTIONS 404, GET 404/);
  assert.match(problems[1]!, /Cannot boot 'toy-throws' on Deno 2\.1\.4: [^]*Cannot load: no reason/);
  assert.match(problems[2]!, /'toy-unlisted' was not uploaded/);
});

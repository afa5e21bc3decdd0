import assert from "node:assert/strict";
import { join } from "node:path";
import { openapiChecker, readContracts, renderOpenapi } from "../../tools/generateOpenapi.ts";
import { projectRoot } from "../../tools/projectRoot.ts";
import { projectCopy } from "./projectCopy.ts";

Deno.test("the embedded document and the readable one say the same, in ASCII", async () => {
  const contracts = await readContracts(projectRoot);
  const odd = contracts.map((contract) => ({
    ...contract,
    summary: `${contract.summary} \u2014 na\u00efve \\ "quoted" 'single' \${x}`,
  }));
  const [json, source] = [...renderOpenapi(odd).values()] as [string, string];
  assert.match(json + source, /^[\n\x20-\x7e]*$/);
  const address = `data:text/typescript,${encodeURIComponent(source)}`;
  const embedded = (await import(address) as { openapiDocument: unknown }).openapiDocument;
  assert.deepEqual(embedded, JSON.parse(json));
  assert.ok(json.includes("na\\u00efve"));
});

Deno.test("a document that the contracts have left behind is a problem", async () => {
  await using copy = await projectCopy();
  const path = "docs/openapi.json";
  await Deno.writeTextFile(join(copy.root, path), "{}\n");
  const found = await openapiChecker.checkRoot(copy.root);
  assert.ok(found.problems.some((problem) => problem.path === path && problem.message.includes("gen:openapi")));
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { errorRegistry } from "../../supabase/functions/_shared/errors/errorRegistry.ts";
import type { EdgeFunction, HttpMethod } from "../../supabase/functions/_shared/http/contract.ts";
import { bootUpload } from "../../tools/deployment/bootUpload.ts";
import { collectUploads } from "../../tools/deployment/collectUploads.ts";
import { edgeCheck } from "../../tools/deployment/edgeDeno.ts";
import { writeUpload } from "../../tools/deployment/upload.ts";
import { projectRoot } from "../../tools/projectRoot.ts";
import { testDatabase } from "../harness/testDatabase.ts";

const uploads = await collectUploads(projectRoot);

async function contractOf(name: string) {
  const module = await import(`../../supabase/functions/${name}/index.ts`) as { default: EdgeFunction };
  return module.default.contract;
}

/** The code of a problem of ours whose status is the registered one; fails on anything else. */
async function problemCode(response: Response): Promise<string> {
  assert.equal(response.headers.get("content-type"), "application/problem+json");
  const { code, status } = await response.json() as { code: string; status: number };
  const kind = Object.entries(errorRegistry).find(([name]) => name === code)?.[1];
  assert.ok(kind !== undefined, `'${code}' is not registered`);
  assert.deepEqual([status, response.status], [kind.status, kind.status]);
  return code;
}

Deno.test("every function type-checks on Deno 2.1.4 from the files of a deploy alone", async () => {
  const folder = await Deno.makeTempDir({ prefix: "ballast-edge-" });
  try {
    for (const upload of uploads) await writeUpload(upload, join(folder, upload.name));
    const { success, output } = await edgeCheck(uploads, folder);
    assert.ok(success, output);
    for (const { name, entrypoint } of uploads) {
      assert.match(output, new RegExp(`^Check file:.*/${name}/${entrypoint}$`, "m"));
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

for (const upload of uploads) {
  Deno.test(`${upload.name} boots on Deno 2.1.4 from the files of a deploy alone, and keeps its contract`, async () => {
    const contract = await contractOf(upload.name);
    const methods = Object.keys(contract.methods) as HttpMethod[];
    await using booted = await bootUpload(upload);

    const preflight = await booted.ask({
      method: "OPTIONS",
      headers: { origin: "https://shop.example", "access-control-request-method": methods[0]! },
    });
    await preflight.body?.cancel();
    assert.ok(preflight.ok && preflight.headers.has("access-control-allow-origin"), `OPTIONS ${preflight.status}`);

    assert.equal(await problemCode(await booted.ask({ method: "PROPFIND" })), "method_not_allowed");
    for (const method of methods) {
      const auth = contract.methods[method]?.auth ?? contract.auth;
      if (auth.includes("none")) continue;
      assert.equal(await problemCode(await booted.ask({ method })), "missing_credentials");
    }
  });
}

Deno.test("ops-health answers 200 on Deno 2.1.4 with a database, and 503 without", async () => {
  const upload = uploads.find(({ name }) => name === "ops-health");
  assert.ok(upload !== undefined, "There is no ops-health");
  await using database = await testDatabase();
  {
    await using booted = await bootUpload(upload, { env: { SUPABASE_DB_URL: database.url } });
    const response = await booted.ask();
    assert.equal(response.status, 200, await response.text());
    if (!response.bodyUsed) await response.body?.cancel();
  }
  await using alone = await bootUpload(upload);
  const response = await alone.ask();
  await response.body?.cancel();
  assert.equal(response.status, 503);
});

import assert from "node:assert/strict";
import { join } from "node:path";
import { createResilientDb } from "../../supabase/functions/_shared/resilientDbWrapper.ts";
import { type AiStandIn, startAiStandIn } from "../aiProviders/aiStandIn.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { testDatabase } from "../harness/testDatabase.ts";

const people = `create table public.people (id integer primary key, contact text, city text, remarks text)`;
const row = (id: number) => ({ id, erreichbarUnter: "ann@example.org" });
const proposals = [{
  key: "erreichbarUnter",
  column: "contact",
  confidence: 0.95,
  reason: "where somebody is reached",
}];

/** A database that asks a model, and what failed beside its statements. */
function open(url: string, server: AiStandIn, apiKey: string, errors: unknown[]) {
  const aiBaseUrl = apiKey.startsWith("sk-ant-") ? server.anthropicUrl : server.openaiUrl;
  return createResilientDb(url, { aiKey: apiKey, aiBaseUrl, ai: "apply", onError: (error) => errors.push(error) });
}

Deno.test("with a key a model is asked what a key means, once in the fleet, within the budget, without the values", async () => {
  for (const apiKey of ["sk-ant-test", "test"]) {
    await using database = await testDatabase();
    await using server = startAiStandIn();
    await database.sql.unsafe(people);
    const errors: unknown[] = [];
    const isolates = [open(database.url, server, apiKey, errors), open(database.url, server, apiKey, errors)];
    server.next({ text: [JSON.stringify({ proposals })] });
    for (const [id, db] of isolates.entries()) {
      const { data, error } = await db.insert("people", row(id));
      assert.deepEqual(
        [error, (data as { contact: string }[] | null)?.[0]?.contact],
        [null, "ann@example.org"],
        String(errors),
      );
    }
    for (const db of isolates) await db.close();
    assert.equal(server.seen.length, 1);
    assert.doesNotMatch(JSON.stringify(server.seen[0]!.body), /ann@example/);
    const [usage] = await database.sql`select caller, prompt_name, outcome from resilience.ai_usage`;
    assert.deepEqual({ ...usage }, { caller: "healing", prompt_name: "map-columns", outcome: "answered" });
  }
});

Deno.test("a model that is down, or says nonsense, costs no write and no byte", async () => {
  await using database = await testDatabase();
  await using server = startAiStandIn();
  await database.sql.unsafe(people);
  const errors: unknown[] = [];
  const db = open(database.url, server, "test", errors);
  server.next({ text: [JSON.stringify({ proposals: [{ ...proposals[0], column: "password" }] })] });
  const { error } = await db.insert("people", row(1));
  await db.close();
  assert.equal(error, null);
  const [rescued] = await database.sql`select to_jsonb(rescue) as row from resilience.rescued_fields rescue`;
  assert.match(JSON.stringify(rescued), /ann@example\.org/);
});

interface Dependency {
  readonly code?: { readonly specifier?: string };
  readonly isDynamic?: boolean;
}

Deno.test("who has no key loads neither the client nor the SDK", async () => {
  const { stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["info", "--json", join(projectFolder, "supabase/functions/_shared/resilientDbWrapper.ts")],
    cwd: projectFolder,
  }).output();
  const { modules, roots } = JSON.parse(new TextDecoder().decode(stdout)) as {
    roots: string[];
    modules: { specifier: string; dependencies?: Dependency[] }[];
  };
  const loaded = new Set<string>();
  const load = (specifier: string) => {
    if (loaded.has(specifier)) return;
    loaded.add(specifier);
    for (const { code, isDynamic } of modules.find((one) => one.specifier === specifier)?.dependencies ?? []) {
      if (code?.specifier !== undefined && isDynamic !== true) load(code.specifier);
    }
  };
  roots.forEach(load);
  assert.ok(loaded.size > 50);
  assert.deepEqual(
    [...loaded].filter((specifier) => /anthropic|openai|\/ai\/(client|provider|hygiene)\//i.test(specifier)),
    [],
  );
  assert.ok(modules.some(({ specifier }) => specifier.includes("keyedMappingAdvisor")), "it is not to be had at all");
});

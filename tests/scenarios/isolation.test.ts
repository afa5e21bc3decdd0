import assert from "node:assert/strict";
import { join } from "node:path";
import fc from "fast-check";
import { projectFolder } from "../harness/projectFolder.ts";
import { testStack } from "../harness/testStack.ts";
import { readContracts } from "./badInputTargets.ts";
import { fingerprint, ownedTables, type Owner, quiet } from "./isolation/owners.ts";
import { type Probe, probesOf } from "./isolation/probes.ts";
import { openWorld } from "./isolation/world.ts";

const seed = Number(Deno.env.get("BALLAST_SEED") ?? Date.now() % 1_000_000);
const pairs = 60;

/** Functions of the suite itself, whose callers have nothing of their own there. */
const isOperators = (name: string) =>
  /^(ops|ai|alerts)-|^(metrics-rollup|self-optimizer|schema-monitor|healing-replay)$/.test(name);

Deno.test(`nobody sees or changes a row of another, through any function, with ids of theirs (seed ${seed})`, async () => {
  await using stack = await testStack();
  const { sql } = stack.database;
  const contracts = (await readContracts(join(projectFolder, "supabase", "functions"))).filter(({ name }) =>
    !isOperators(name)
  );
  const open = contracts.filter(({ auth, methods }) =>
    [auth, ...Object.values(methods).map((method) => method.auth ?? [])].flat().some((mode) => mode !== "secret")
  );
  const untried = open.map(({ name }) => name).filter((name) => probesOf[name] === undefined);
  assert.deepEqual(untried, [], "functions that nobody has tried to break into");

  const world = await openWorld(stack);
  const tables = await ownedTables(sql);
  assert.ok(tables.length > 20, "the tables were not found");
  const answered = new Map<string, Set<number>>();

  async function ask(attacker: Owner, probe: Probe): Promise<string> {
    const { name, method, query = "", body, headers = {} } = probe;
    const response = await stack.call(name, {
      method,
      query: query === "" ? "" : `?${query}`,
      headers: {
        ...attacker.headers,
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const statuses = answered.get(`${method} ${name}`) ?? new Set();
    answered.set(`${method} ${name}`, statuses.add(response.status));
    const text = await response.text();
    assert.ok(response.status < 500, `${method} ${name} failed: ${text}`);
    return text;
  }

  const owner = fc.constantFrom(...world.owners);
  const pair = fc.tuple(owner, owner).filter(([attacker, victim]) => attacker !== victim);
  let round = 0;
  await fc.assert(
    fc.asyncProperty(pair, async ([attacker, victim]) => {
      round++;
      await quiet(sql);
      const before = await fingerprint(sql, tables, victim);
      for (const make of Object.values(probesOf)) {
        for (const probe of make(attacker, victim, world)) {
          if (probe.isLast === true && round < pairs - 5) continue;
          const text = await ask(attacker, probe);
          assert.ok(
            !text.includes(victim.marker),
            `${attacker.kind} saw a row of a ${victim.kind} through ${probe.method} ${probe.name}: ${
              text.slice(0, 500)
            }`,
          );
        }
      }
      assert.deepEqual(
        await fingerprint(sql, tables, victim),
        before,
        `${attacker.kind} changed rows of a ${victim.kind}`,
      );
    }),
    { numRuns: pairs, seed, endOnFailure: true },
  );
  // Nothing of this means anything where every probe bounced off the contract.
  const bounced = [...answered].filter(([, statuses]) =>
    [...statuses].every((status) => status === 422 || status === 400)
  );
  assert.deepEqual(bounced.map(([what]) => what), [], "probes that the contract refuses try nothing");
});

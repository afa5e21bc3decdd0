import assert from "node:assert/strict";
import { explainFacts } from "../../supabase/functions/_shared/incidents/explainFacts.ts";
import type { CauseNode, Incident } from "../../supabase/functions/_shared/incidents/incident.ts";
import { incidentText } from "../../supabase/functions/_shared/incidents/incidentText.ts";
import { postgresFacts } from "../../supabase/functions/_shared/incidents/postgresFacts.ts";
import { ScriptedNight } from "../harness/scriptedNight.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { openAdmin } from "./aiFixture.ts";

const hourMs = 3_600_000;

function linesOf(node: CauseNode): CauseNode[] {
  return [node, ...node.effects.flatMap(linesOf)];
}

const remediesOf = ({ healedBy }: Incident) => healedBy.map(({ by, subject, count }) => `${by} ${subject} x ${count}`);

Deno.test("a night with four causes is told as four incidents, each with what healed it and what it cost, and no more", async () => {
  await using database = await testDatabase();
  await using night = new ScriptedNight(database);
  await night.run();
  await using admin = openAdmin(database);
  const reader = postgresFacts(admin);
  const report = explainFacts(await reader.within(Date.now() - 3 * hourMs, Date.now()));
  const text = incidentText(report);
  const of = (kind: string): Incident => {
    const found = report.incidents.filter(({ cause }) => cause.kind === kind);
    assert.equal(found.length, 1, `${kind}\n${text}`);
    return found[0]!;
  };
  assert.equal(report.incidents.length, 4, text);
  const [rename, gateway, storm, isolate] = [of("schema_change"), of("dependency"), of("contention"), of("isolate")];

  // What each was caused by.
  assert.match(rename.cause.evidence, /^column renamed note -> remark /);
  assert.equal(rename.cause.subject, "public.orders");
  assert.match(gateway.cause.evidence, /^\d of \d calls failed in 2 isolates; failing with http_503$/);
  assert.equal(gateway.cause.subject, "ai");
  assert.equal(storm.headline, "Deadlock storm among transactions of book");
  assert.match(storm.cause.evidence, /^3 x 40P01 among 3 requests/);
  assert.equal(isolate.headline, "Isolate isolate-ill was ill");
  assert.match(isolate.cause.evidence, /^maps, payments failed in it; so it did in none of 2 others/);

  // What healed it.
  assert.deepEqual(remediesOf(rename), ["heal public.orders x 1"]);
  assert.equal(rename.healedBy[0]!.detail, "note -> remark by catalog_rename");
  assert.match(remediesOf(gateway)[0]!, /^fallback ai x \d+$/);
  assert.equal(remediesOf(gateway)[1], "recovery ai x 1");
  assert.ok(gateway.healedBy[1]!.tookMs >= 600_000, "it was down for ten minutes");
  assert.deepEqual(remediesOf(storm), ["retry transaction x 3"]);
  assert.equal(storm.healedBy[0]!.detail, "3 of 3 requests that tried again went through");
  assert.deepEqual(remediesOf(isolate), ["containment isolate-ill x 2"]);
  assert.ok(report.incidents.every(({ isOpen, stillOpen }) => !isOpen && stillOpen.length === 0), text);

  // What it cost.
  assert.deepEqual([rename.cost.heals, rename.cost.deadLetters, rename.cost.failures], [1, 0, 0]);
  const [{ n: lost, micros } = { n: 0, micros: 0 }] = await database.sql<{ n: number; micros: number }[]>`
    select count(*)::int as n, sum(cost_micro_usd)::int as micros from resilience.ai_usage`;
  assert.ok(lost >= 5);
  assert.deepEqual([gateway.cost.aiCalls, gateway.cost.aiMicroUsd, gateway.cost.aiTokens], [lost, micros, lost * 40]);
  assert.ok(gateway.cost.sheds > 20 && gateway.cost.fallbacks >= gateway.cost.sheds && gateway.cost.failures === 0);
  assert.deepEqual([storm.cost.retries, storm.cost.failures], [3, 0]);
  assert.ok(storm.cost.waitedMs > 0);
  assert.deepEqual([isolate.cost.failures, isolate.cost.sheds], [20, 10]);

  // And none of it is mixed up.
  const own: readonly (readonly [Incident, string])[] = [
    [rename, "orders"],
    [gateway, "ask"],
    [storm, "book"],
    [isolate, "pay"],
  ];
  for (const [incident, name] of own) {
    assert.deepEqual(incident.touched.functions, [name]);
    for (const request of incident.touched.exampleRequests) assert.match(request, new RegExp(`^${name.slice(0, 3)}`));
  }
  assert.deepEqual(isolate.touched.isolates, 1);
  assert.ok(linesOf(gateway.tree).every(({ subject }) => subject === "ai"), text);
  const { quiet, beyond, unread } = report.remainder;
  assert.deepEqual({ quiet, beyond, unread }, { quiet: 0, beyond: 0, unread: 0 });

  await explainsRequests(reader);
});

/** What an operator gets who has a caller's request id in hand. */
async function explainsRequests(reader: ReturnType<typeof postgresFacts>): Promise<void> {
  const ofRequest = async (id: string) => {
    const facts = await reader.ofRequest(id);
    return facts === undefined ? [] : explainFacts(facts).incidents;
  };
  const kindsOf = (incidents: readonly Incident[]) => incidents.map(({ cause }) => `${cause.kind} ${cause.subject}`);
  assert.deepEqual(kindsOf(await ofRequest("order-2")), ["schema_change public.orders"]);
  assert.deepEqual(kindsOf(await ofRequest("pay-30")), ["isolate isolate-ill"]);
  const [asked] = await ofRequest("ask-20");
  assert.deepEqual([asked!.cause.kind, asked!.cost.fallbacks, asked!.touched.exampleRequests], ["dependency", 1, [
    "ask-20",
  ]]);
  assert.ok(asked!.healedBy.some(({ by }) => by === "recovery"), "what ended it came later");
  assert.equal(await reader.ofRequest("nobody"), undefined);
}

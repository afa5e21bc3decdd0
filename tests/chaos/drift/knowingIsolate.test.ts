import assert from "node:assert/strict";
import type { Drift } from "./drift.ts";
import { openDriftWorld } from "./driftWorld.ts";
import { generateDrift } from "./generateDrift.ts";
import { judgeDrift } from "./judgeDrift.ts";
import { knowingIsolate, type Spoil } from "./knowingIsolate.ts";
import { runWave } from "./runWave.ts";

const seed = Number(Deno.env.get("BALLAST_CHAOS_SEED") ?? Math.floor(Math.random() * 1e9));
const only = Deno.env.get("BALLAST_CHAOS_DRIFT");

// What lands between two changes has other names than in the end, which is all that a drift tells.
const drifts = (only === undefined ? Array.from({ length: 250 }, (_, at) => at) : [Number(only)])
  .map((number) => generateDrift(seed, number))
  .filter(({ stages }) => stages.slice(0, -1).every(({ calls }) => calls.length === 0));

async function judgeAll(spoil?: Spoil) {
  const made: { close(): Promise<void> }[] = [];
  await using world = await openDriftWorld((_route, { direct: _direct }) => {
    const isolate = knowingIsolate(world.sql, drifts, spoil);
    made.push(isolate);
    return isolate;
  });
  const verdicts = [];
  for (let at = 0; at < drifts.length; at += 40) {
    for (const { drift, seen } of await runWave(world, drifts.slice(at, at + 40))) {
      verdicts.push(judgeDrift(drift, seen));
    }
  }
  return verdicts;
}

Deno.test("healed by the truth, everything is in its place: Postgres takes each drift and gives back what it is said to hold", async () => {
  const verdicts = await judgeAll();
  assert.deepEqual(verdicts.flatMap(({ findings }) => findings).slice(0, 5), [], `seed ${seed}`);
  for (const { kind, expectation, fate, isHindered } of verdicts.flatMap(({ mutations }) => mutations)) {
    const wanted = {
      "heal": ["healed"],
      "as sent": ["as sent", "healed"],
      "rescue": ["healed", "rescued"],
      "refuse": ["dead letter"],
    };
    if (!isHindered || expectation === "refuse") {
      assert.ok(wanted[expectation as keyof typeof wanted].includes(fate), `${kind}: ${fate}, seed ${seed}`);
    }
  }
});

Deno.test("whoever takes two columns for each other, or cuts a text, is found out", async () => {
  const textsOf = (columns: object, { columns: all, keyColumn }: Drift) =>
    Object.keys(columns).filter((name) =>
      name !== keyColumn && all.find((column) => column.name === name)!.type === "text"
    );
  const spoilers: Spoil[] = [
    (columns, _row, drift) => {
      const [one, other] = textsOf(columns, drift).slice(-2);
      if (other === undefined || columns[one!] === columns[other]) return columns;
      return { ...columns, [one!]: columns[other], [other]: columns[one!] };
    },
    (columns, _row, drift) => {
      const name = textsOf(columns, drift).at(-1);
      return name === undefined ? columns : { ...columns, [name]: String(columns[name]).slice(0, -1) };
    },
  ];
  for (const spoil of spoilers) {
    let spoilt = 0;
    const verdicts = await judgeAll((columns, row, drift) => {
      const result = spoil(columns, row, drift);
      if (result !== columns) spoilt++;
      return result;
    });
    const wrong = verdicts.filter(({ mutations }) => mutations.some(({ fate }) => fate === "WRONG"));
    assert.ok(spoilt > 50 && wrong.length > 20, `${spoilt} spoilt, ${wrong.length} found, seed ${seed}`);
  }
});

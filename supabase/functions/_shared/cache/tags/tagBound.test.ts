import assert from "node:assert/strict";
import fc from "fast-check";
import { cacheRig, someCache } from "../../../../../tests/harness/cacheRig.ts";
import { FakeClock } from "../../../../../tests/harness/fakeClock.ts";
import { MemoryTagDatabase, type TagTransaction } from "../../../../../tests/harness/memoryTagDatabase.ts";

/** A look may begin so late, and what is cached be given meanwhile; looks themselves take no time here. */
const boundMs = 1_050;

type Step =
  | { readonly do: "begin"; readonly tag: number }
  | { readonly do: "commit" | "release"; readonly which: number }
  | { readonly do: "get" | "slowGet"; readonly isolate: number; readonly tag: number }
  | { readonly do: "drop"; readonly isolate: number; readonly tag: number }
  | { readonly do: "pass"; readonly ms: number };

const index = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant("begin" as const), tag: index }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom("commit" as const, "release" as const), which: fc.nat() }) },
  {
    weight: 8,
    arbitrary: fc.record({ do: fc.constantFrom("get" as const, "slowGet" as const), isolate: index, tag: index }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("drop" as const), isolate: index, tag: index }) },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant("pass" as const),
      ms: fc.constantFrom(1, 40, 300, 700, 1_000, 1_049, 3_000),
    }),
  },
);

/** When each version of each tag's value was there first. */
class History {
  readonly #since = new Map<string, number[]>();

  note(tag: string, version: number, now: number): void {
    const since = this.#since.get(tag) ?? [0];
    since[version] = now;
    this.#since.set(tag, since);
  }

  /** For how long that version had been out of date by then. */
  staleFor(tag: string, version: number, then: number): number {
    const replacedAt = this.#since.get(tag)?.[version + 1];
    return replacedAt === undefined ? 0 : then - replacedAt;
  }
}

async function play(steps: readonly Step[]): Promise<void> {
  const [database, clock, history] = [new MemoryTagDatabase(), new FakeClock(), new History()];
  const isolates = [0, 1, 2].map(() => {
    const { caches } = cacheRig({ clock, tagStore: () => database.store });
    return { caches, cache: caches.open(someCache<number>({ ttl: 3_600_000 })) };
  });
  const open: { tag: string; transaction: TagTransaction }[] = [];
  const gates: (() => void)[] = [];
  const answers: Promise<void>[] = [];
  const change = (tag: string, work: () => void) => {
    work();
    history.note(tag, database.values.get(tag) ?? 0, clock.now());
  };

  async function get(isolate: number, tag: string, gate?: Promise<void>): Promise<void> {
    const askedAt = clock.now();
    const version = await isolates[isolate]!.cache.get(tag, async () => {
      const seen = database.values.get(tag) ?? 0;
      await gate;
      return seen;
    }, { tags: [tag] });
    const staleMs = history.staleFor(tag, version, askedAt);
    assert.ok(staleMs <= boundMs, `${tag} had been out of date for ${staleMs} ms when it was asked for`);
  }

  for (const one of steps) {
    const tag = "tag" in one ? `tag ${one.tag}` : "";
    if (one.do === "begin") open.push({ tag, transaction: database.begin(tag) });
    else if (one.do === "commit" && open.length > 0) {
      const [{ tag, transaction }] = open.splice(one.which % open.length, 1) as [typeof open[number]];
      change(tag, () => transaction.commit());
    } else if (one.do === "release" && gates.length > 0) gates.splice(one.which % gates.length, 1)[0]!();
    else if (one.do === "get") answers.push(get(one.isolate, tag));
    else if (one.do === "slowGet") {
      const gate = Promise.withResolvers<void>();
      gates.push(gate.resolve);
      answers.push(get(one.isolate, tag, gate.promise));
    } else if (one.do === "drop") {
      const dropping = isolates[one.isolate]!.caches.dropTag(tag);
      change(tag, () => database.values.set(tag, (database.values.get(tag) ?? 0) + 1));
      await dropping;
    } else if (one.do === "pass") await clock.advance(one.ms);
    await Promise.resolve();
  }
  for (const release of gates) release();
  await Promise.all(answers);
  for (const { cache } of isolates) {
    await clock.advance(2_000);
    for (const tag of database.values.keys()) {
      const load = () => database.values.get(tag)!;
      assert.equal(await cache.get(tag, load, { tags: [tag] }), database.values.get(tag), "an invalidation was lost");
    }
  }
}

Deno.test("no isolate serves what has been out of date for more than 1.05 s, whatever drops, loads and commits do", async () => {
  const seed = Date.now() % 2 ** 31;
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), play), { seed, numRuns: 100 });
});

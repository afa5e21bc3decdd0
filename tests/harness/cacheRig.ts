import { FakeClock } from "./fakeClock.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import type { KernelEvent } from "../../supabase/functions/_shared/telemetry/kernelEvent.ts";
import {
  type CacheDefinition,
  type CacheOptions,
  defineCache,
} from "../../supabase/functions/_shared/cache/cacheDefinition.ts";
import { Caches, type CachesParts } from "../../supabase/functions/_shared/cache/caches.ts";

/** What caches told. */
export interface Told {
  readonly counts: Map<string, number>;
  readonly events: KernelEvent[];
  readonly loads: boolean[];
}

/** An isolate's caches with a clock to steer, and all that they told. */
export function cacheRig(parts: CachesParts = {}) {
  const clock = (parts.clock ?? new FakeClock()) as FakeClock;
  const told: Told = { counts: new Map(), events: [], loads: [] };
  const background: Promise<unknown>[] = [];
  const lines: string[] = [];
  const caches = new Caches({
    random: seededRandom(1),
    waitUntil: (work) => void background.push(work),
    observer: {
      called: (_operation, _ms, hasFailed) => void told.loads.push(hasFailed),
      counted: (name, by = 1) => void told.counts.set(name, (told.counts.get(name) ?? 0) + by),
      happened: (event) => void told.events.push(event),
    },
    log: { warn: (line) => void lines.push(`warn ${line}`), info: (line) => void lines.push(`info ${line}`) },
    ...parts,
    clock,
  });
  return { clock, told, background, lines, caches };
}

/** A definition whose every option but a few does not matter to a test. */
export function someCache<Value = string>(options: Partial<CacheOptions<Value>> = {}): CacheDefinition<Value> {
  return defineCache<Value>({ name: "things", sharedBecause: "tests have no callers", ttl: 1_000, ...options });
}

/** A source that counts how often it is asked, and fails or waits as a test wants. */
export class FakeSource {
  loads = 0;
  failure: Error | undefined;
  gate: Promise<void> | undefined;
  value: string | undefined;
  readonly load = async (): Promise<string> => {
    this.loads++;
    const { failure, gate, value = `value ${this.loads}` } = this;
    await gate;
    if (failure !== undefined) throw failure;
    return value;
  };
}

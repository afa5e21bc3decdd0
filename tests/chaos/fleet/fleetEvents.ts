import fc from "fast-check";
import type { FleetWorld } from "./fleetWorld.ts";

/** What may happen in a fleet of five. */
export type FleetEvent =
  | { readonly kind: "call"; readonly isolate: number; readonly times: number }
  | { readonly kind: "pass"; readonly ms: number }
  | { readonly kind: "dependency"; readonly is: "up" | "down" | "hanging" }
  | { readonly kind: "store"; readonly isLost: boolean }
  | { readonly kind: "poison"; readonly isolate: number; readonly isPoisoned: boolean }
  | { readonly kind: "die"; readonly isolate: number }
  /** Whoever probes right now. */
  | { readonly kind: "die probing" }
  | { readonly kind: "override"; readonly to: "open" | "closed" | undefined };

const one = <Kind extends FleetEvent["kind"]>(
  kind: Kind,
  fields: { [Name in keyof Omit<Extract<FleetEvent, { kind: Kind }>, "kind">]: fc.Arbitrary<unknown> },
) => fc.record({ kind: fc.constant(kind), ...fields }) as unknown as fc.Arbitrary<FleetEvent>;

const anyEvent: fc.Arbitrary<FleetEvent> = fc.oneof(
  { weight: 12, arbitrary: one("call", { isolate: fc.nat(4), times: fc.integer({ min: 1, max: 8 }) }) },
  {
    weight: 8,
    arbitrary: one("pass", { ms: fc.oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 400, max: 9_000 })) }),
  },
  { weight: 3, arbitrary: one("dependency", { is: fc.constantFrom("up", "down", "hanging") }) },
  { weight: 2, arbitrary: one("store", { isLost: fc.boolean() }) },
  { weight: 1, arbitrary: one("poison", { isolate: fc.nat(4), isPoisoned: fc.boolean() }) },
  { weight: 1, arbitrary: one("die", { isolate: fc.integer({ min: 2, max: 4 }) }) },
  { weight: 1, arbitrary: one("die probing", {}) },
  { weight: 1, arbitrary: one("override", { to: fc.constantFrom("open", "closed", undefined) }) },
);

const everybody = (times: number): FleetEvent[] => [0, 1, 2, 3, 4].map((isolate) => ({ kind: "call", isolate, times }));

/** How it comes to a probe whose isolate dies: chance alone hardly gets there. */
const lostProbe: readonly FleetEvent[] = [
  { kind: "dependency", is: "down" },
  ...everybody(6),
  { kind: "dependency", is: "hanging" },
  { kind: "pass", ms: 2_100 },
  ...everybody(1),
  { kind: "die probing" },
];

/** A story: events by chance, and now and then a sequence of them. */
export const anyStory: fc.Arbitrary<readonly FleetEvent[]> = fc.array(
  fc.oneof(
    { weight: 30, arbitrary: anyEvent.map((event) => [event]) },
    { weight: 1, arbitrary: fc.constant(lostProbe) },
  ),
  { minLength: 5, maxLength: 60 },
).map((events) => events.flat());

/** Lets it happen. */
export async function happen(world: FleetWorld, event: FleetEvent): Promise<void> {
  switch (event.kind) {
    case "call":
      for (let time = 0; time < event.times; time++) void world.call(event.isolate);
      return await world.settle();
    case "pass":
      return await world.pass(event.ms);
    case "dependency":
      world.dependency = event.is;
      return;
    case "store":
      world.isStoreLost = event.isLost;
      return;
    case "poison":
      world.isolates[event.isolate]!.isPoisoned = event.isPoisoned;
      return;
    case "die":
      world.isolates[event.isolate]!.isDead = true;
      return;
    case "die probing": {
      const phase = world.store.phase("ai");
      if (phase.kind !== "probing" || world.isolates.filter(({ isDead }) => !isDead).length < 3) return;
      world.isolates[Number(phase.holder.slice("isolate ".length))]!.isDead = true;
      return;
    }
    case "override":
      world.store.override("ai", event.to, "a person says so").catch(() => {});
      return await world.settle();
  }
}

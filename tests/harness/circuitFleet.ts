import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import type { CircuitOptions } from "../../supabase/functions/_shared/breaker/circuitOptions.ts";
import type { FleetCircuit } from "../../supabase/functions/_shared/breaker/fleetCircuit.ts";
import type { KernelObserver } from "../../supabase/functions/_shared/telemetry/kernelObserver.ts";
import { seededRandom } from "../../supabase/functions/_shared/random/seededRandom.ts";
import { FakeClock } from "./fakeClock.ts";
import { MemoryCircuitStore } from "./memoryCircuitStore.ts";

/** Isolates with one store, and a dependency that works or does not. */
export function circuitFleet(
  options: CircuitOptions & { readonly isAlone?: boolean; readonly observer?: KernelObserver } = {},
) {
  const { isAlone = false, observer, ...circuitOptions } = options;
  const clock = new FakeClock();
  const store = new MemoryCircuitStore(() => clock.monotonic());
  const dependency = { isUp: true, calls: 0, answer: () => Promise.resolve("well") as Promise<unknown> };
  let isolates = 0;
  const isolate = (name = "ai"): FleetCircuit => {
    const id = `isolate ${++isolates}`;
    const random = seededRandom(isolates);
    const registry = new CircuitRegistry({
      ...(isAlone ? {} : { store: () => store }),
      isolate: () => id,
      ...(observer === undefined ? {} : { observer }),
      clock,
      random,
    });
    return registry.getBreaker(name, circuitOptions);
  };
  const call = (circuit: FleetCircuit): Promise<unknown> =>
    circuit.execute(() => {
      dependency.calls++;
      return dependency.isUp ? dependency.answer() : Promise.reject(new Error("down"));
    }).catch((error) => error);
  const callTimes = async (circuit: FleetCircuit, times: number) => {
    for (let time = 0; time < times; time++) await call(circuit);
  };
  return { clock, store, dependency, isolate, call, callTimes };
}

/**
 * Circuits that a whole fleet of isolates shares: one of them finds out that a dependency is down, all of them know.
 *
 * @example
 * ```ts
 * const ai = circuitBreakerRegistry.getBreaker("lovable-ai", { failureThreshold: 5, timeout: 60_000 });
 * const answer = await ai.execute(({ signal }) => fetch(url, { signal }), () => deterministicAnswer());
 * ```
 *
 * Whoever uses opossum changes its import for the default one of this module.
 *
 * @module
 */
export type { Circuit, CircuitStanding, CircuitStateName, Fallback } from "./breaker/circuit.ts";
export {
  CallTimeoutError,
  CircuitFullError,
  CircuitOpenError,
  DependencyFailedError,
} from "./breaker/circuitErrors.ts";
export type { CircuitOptions, Outcome } from "./breaker/circuitOptions.ts";
export { CircuitRegistry, type CircuitRegistryParts } from "./breaker/circuitRegistry.ts";
export type { CircuitStore } from "./breaker/circuitStore.ts";
export { FleetCircuit } from "./breaker/fleetCircuit.ts";
export { circuitBreakerRegistry } from "./breaker/isolateCircuits.ts";
export { OpossumFace as default, type OpossumOptions } from "./breaker/opossumFace.ts";
export { postgresCircuitStore } from "./breaker/postgresCircuitStore.ts";

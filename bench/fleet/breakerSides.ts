import { circuitBreaker, CircuitBreakerPolicy, CircuitState, ConsecutiveBreaker, handleAll } from "cockatiel";
import Opossum from "opossum";
import { CircuitRegistry } from "../../supabase/functions/_shared/breaker/circuitRegistry.ts";
import { postgresCircuitStore } from "../../supabase/functions/_shared/breaker/postgresCircuitStore.ts";
import { adminDatabase } from "../../supabase/functions/_shared/db/adminDatabase.ts";
import { parseConnectionUrl } from "../../supabase/functions/_shared/db/connectionSettings.ts";
import { createSqlClient } from "../../supabase/functions/_shared/db/sqlClient.ts";

/** One isolate's breaker before the dependency. */
export interface BreakerSide {
  /** Calls; rejects where the call failed or was kept away. */
  execute(work: () => Promise<unknown>): Promise<unknown>;
  /** The share of calls that it lets through by now, where it can tell. */
  share(): number;
  close(): Promise<void>;
}

/** How an isolate is set up. */
export interface IsolateSetup {
  readonly side: "ours" | "opossum" | "cockatiel";
  readonly databaseUrl: string;
  readonly resetTimeoutMs: number;
  readonly rampStepMs: number;
  /** It begins as one that has been open, and whose time is up. */
  readonly isHydrated: boolean;
}

export const failureThreshold = 5;

/** The breaker of one isolate, as its documentation has it set up for that threshold. */
export function openSide(setup: IsolateSetup): Promise<BreakerSide> {
  if (setup.side === "ours") return Promise.resolve(ours(setup));
  return setup.side === "opossum" ? Promise.resolve(opossum(setup)) : cockatiel(setup);
}

function ours({ databaseUrl, resetTimeoutMs, rampStepMs }: IsolateSetup): BreakerSide {
  const client = createSqlClient({ ...parseConnectionUrl(databaseUrl), poolSize: 1, applicationName: "fleet-bench" });
  const registry = new CircuitRegistry({ store: () => postgresCircuitStore(() => adminDatabase(client)) });
  const circuit = registry.getBreaker("ai", { failureThreshold, resetTimeout: resetTimeoutMs, rampStepMs });
  return {
    execute: (work) => circuit.execute(work),
    share: () => circuit.state().share,
    close: () => client.close(),
  };
}

function opossum({ resetTimeoutMs, isHydrated }: IsolateSetup): BreakerSide {
  const make = Opossum as unknown as new (action: unknown, options: object) => {
    fire(work: () => Promise<unknown>): Promise<unknown>;
    readonly opened: boolean;
    shutdown(): void;
  };
  const state = { enabled: true, closed: false, halfOpen: false, lastTimerAt: Date.now() - resetTimeoutMs - 1 };
  const breaker = new make((work: () => Promise<unknown>) => work(), {
    volumeThreshold: failureThreshold,
    resetTimeout: resetTimeoutMs,
    timeout: false,
    ...(isHydrated ? { state } : {}),
  });
  return {
    execute: (work) => breaker.fire(work),
    share: () => breaker.opened ? 0 : 1,
    close: () => Promise.resolve(breaker.shutdown()),
  };
}

async function cockatiel({ resetTimeoutMs, isHydrated }: IsolateSetup): Promise<BreakerSide> {
  const make = (initialState?: unknown): CircuitBreakerPolicy =>
    circuitBreaker(handleAll, {
      halfOpenAfter: resetTimeoutMs,
      breaker: new ConsecutiveBreaker(failureThreshold),
      ...(initialState === undefined ? {} : { initialState }),
    });
  let policy = make();
  if (isHydrated) {
    for (let time = 0; time < failureThreshold; time++) {
      await policy.execute(() => Promise.reject(new Error("down"))).catch(() => {});
    }
    const state = policy.toJSON();
    await new Promise((resolve) => setTimeout(resolve, resetTimeoutMs + 50));
    policy = make(state);
  }
  return {
    execute: (work) => policy.execute(work),
    share: () => policy.state === CircuitState.Open ? 0 : 1,
    close: () => Promise.resolve(),
  };
}

import type { Circuit } from "../breaker/circuit.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import type { Clock } from "../time/clock.ts";
import { bulkhead } from "./bulkhead.ts";
import { circuitPolicy } from "./circuitPolicy.ts";
import { deadline } from "./deadline.ts";
import type { KeyedPolicy } from "./definePolicy.ts";
import { openRetryBudget } from "./openRetryBudget.ts";
import { pipeline, type PipelineMembers } from "./pipeline.ts";
import { retry } from "./retry.ts";
import type { RetryBudgetStore } from "./retryBudget.ts";
import { timeout } from "./timeout.ts";

/** How a dependency is called. */
export interface DependencyOptions {
  /** How long one attempt may take. @default 5_000 */
  readonly timeoutMs?: number;
  /** How long a call may take altogether, and never longer than the request. @default 25_000 */
  readonly deadlineMs?: number;
  /** Attempts altogether. More than one only for calls that may be made twice: reads, or writes under a key. @default 1 */
  readonly maxAttempts?: number;
  /** Calls of this isolate that run at once. @default 10 */
  readonly capacity?: number;
  /** Calls that may wait for one of them to end. @default 20 */
  readonly queueCapacity?: number;
  /** Keeps calls away while the dependency is down. @default none */
  readonly circuit?: Pick<Circuit, "execute">;
  /** Further policies, such as a fallback or a cache; one of these stands in place of one from above. @default none */
  readonly policies?: PipelineMembers;
}

/** What all dependencies share. */
export interface DependencyParts {
  /** The fleet's reserves of retries. @default none: an isolate retries a tenth of its own calls */
  readonly retryBudgets?: RetryBudgetStore | undefined;
  /** Is told what the policies of all of them do. @default the isolate's hub */
  readonly observer?: KernelObserver | undefined;
  readonly clock: Clock;
  readonly log?: Pick<Logger, "warn" | "info"> | undefined;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/** The pipeline that a dependency's calls stand under. Made once: bulkheads and budgets are the isolate's. */
export function dependencyPipeline(name: string, options: DependencyOptions, parts: DependencyParts): KeyedPolicy {
  const { timeoutMs = 5_000, deadlineMs = 25_000, maxAttempts = 1, capacity = 10, queueCapacity = 20 } = options;
  const { retryBudgets, observer, clock, log, waitUntil } = parts;
  const told = { name, ...observer && { observer } };
  const budgetOptions = { name, clock, waitUntil, ...retryBudgets && { store: retryBudgets }, ...log && { log } };
  return pipeline({
    deadline: deadline({ ...told, deadlineMs, clock }),
    ...maxAttempts !== 1 && { retry: retry({ ...told, maxAttempts, clock, budget: openRetryBudget(budgetOptions) }) },
    bulkhead: bulkhead({ ...told, capacity, queueCapacity }),
    ...options.circuit && { circuit: circuitPolicy(options.circuit) },
    timeout: timeout({ ...told, timeoutMs, clock }),
    ...options.policies,
  });
}

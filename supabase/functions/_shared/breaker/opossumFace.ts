import { EventEmitter } from "node:events";
import type { EngineStats } from "./circuitEngine.ts";
import { CallTimeoutError, CircuitFullError, CircuitOpenError } from "./circuitErrors.ts";
import type { CircuitOptions } from "./circuitOptions.ts";
import type { CircuitRegistry } from "./circuitRegistry.ts";
import type { FleetCircuit } from "./fleetCircuit.ts";
import { circuitBreakerRegistry } from "./isolateCircuits.ts";

/** opossum's options as far as they mean something here, and ours beside them. */
export interface OpossumOptions extends Omit<CircuitOptions, "isFailure"> {
  /** The circuit's name, by which isolates share it. @default the action's name */
  readonly name?: string;
  readonly group?: string;
  /** @default 10_000 */
  readonly rollingCountTimeout?: number;
  /** Errors for which this is true are no failures. */
  readonly errorFilter?: (error: unknown, ...args: never[]) => boolean;
  /** @default circuitBreakerRegistry */
  readonly registry?: CircuitRegistry;
}

type Action<Args extends unknown[], Result> = (...args: Args) => Result | PromiseLike<Result>;

let unnamed = 0;

/**
 * A circuit with opossum's face: what was written for opossum goes on as it is, and its circuits are shared by the fleet.
 * Not carried over: its cache and coalescing, `warmUp`, `healthCheck` and percentiles.
 */
export class OpossumFace<Args extends unknown[] = unknown[], Result = unknown> extends EventEmitter {
  readonly #circuit: FleetCircuit;
  readonly #action: Action<Args, Result>;
  #fallback: ((...args: [...Args, unknown]) => Result | PromiseLike<Result>) | undefined;
  #isEnabled = true;
  #isShutDown = false;
  readonly group: string;

  constructor(action: Action<Args, Result>, options: OpossumOptions = {}) {
    super();
    if (typeof action !== "function") {
      throw new TypeError("Cannot construct a CircuitBreaker without an invocable action");
    }
    const { name = action.name, registry = circuitBreakerRegistry, rollingCountTimeout, errorFilter, group, ...ours } =
      options;
    this.#action = action;
    this.#circuit = registry.getBreaker(name || `unnamed-${++unnamed}`, {
      ...ours,
      ...(rollingCountTimeout === undefined ? {} : { rollingWindowMs: rollingCountTimeout }),
      ...(errorFilter === undefined ? {} : {
        isFailure: (outcome) => "error" in outcome && !errorFilter(outcome.error),
      }),
    });
    this.group = group ?? this.name;
    for (const event of ["success", "failure", "timeout", "reject", "semaphoreLocked"]) {
      this.#circuit.onCall(event, (...args) => this.emit(event, ...args));
    }
    for (const event of ["open", "halfOpen", "close"]) {
      this.#circuit.on(event, (standing) => this.emit(event, standing));
    }
  }

  /** Is it an error of the circuit's, rather than one of the action's? */
  static isOurError(error: unknown): boolean {
    return [CircuitOpenError, CallTimeoutError, CircuitFullError].some((ours) => error instanceof ours);
  }

  get name(): string {
    return this.#circuit.name;
  }

  get opened(): boolean {
    return this.#circuit.state().name === "open";
  }

  /** While it is on its way back too: calls go through, though not all of them. */
  get halfOpen(): boolean {
    return ["half-open", "ramping"].includes(this.#circuit.state().name);
  }

  get closed(): boolean {
    return this.#circuit.state().name === "closed";
  }

  get enabled(): boolean {
    return this.#isEnabled;
  }

  get isShutdown(): boolean {
    return this.#isShutDown;
  }

  get stats(): EngineStats {
    return this.#circuit.stats();
  }

  get status(): { readonly stats: EngineStats } {
    return { stats: this.stats };
  }

  /** What answers in the action's place; it is given the arguments and the error. */
  fallback(answer: ((...args: [...Args, unknown]) => Result | PromiseLike<Result>) | OpossumFace<Args, Result>): this {
    this.#fallback = answer instanceof OpossumFace ? (...args) => answer.fire(...(args.slice(0, -1) as Args)) : answer;
    return this;
  }

  fire(...args: Args): Promise<Result> {
    return this.call(undefined, ...args);
  }

  /** As `fire`, with a `this` for the action. */
  call(context: unknown, ...args: Args): Promise<Result> {
    if (this.#isShutDown) {
      return Promise.reject(Object.assign(new Error("The circuit has been shut down"), { code: "ESHUTDOWN" }));
    }
    this.emit("fire", args);
    const act = () => this.#action.apply(context, args);
    if (!this.#isEnabled) return Promise.resolve().then(act);
    const fallback = this.#fallback;
    if (fallback === undefined) return this.#circuit.execute(act);
    return this.#circuit.execute(act, (error) => {
      const result = fallback(...args, error);
      this.emit("fallback", result, error);
      return result;
    });
  }

  open(): void {
    void this.#circuit.open("opened by hand");
  }

  close(): void {
    void this.#circuit.close("closed by hand");
  }

  enable(): void {
    this.#isEnabled = true;
  }

  disable(): void {
    this.#isEnabled = false;
  }

  shutdown(): void {
    this.emit("shutdown");
    this.#isShutDown = true;
    this.#isEnabled = false;
    this.removeAllListeners();
  }

  toJSON(): { readonly state: Record<string, unknown>; readonly status: EngineStats } {
    const { name, enabled, closed, opened: open, halfOpen, isShutdown: shutdown } = this;
    return { state: { name, enabled, closed, open, halfOpen, warmUp: false, shutdown }, status: this.stats };
  }
}

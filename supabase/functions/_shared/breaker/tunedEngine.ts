import { CircuitEngine } from "./circuitEngine.ts";
import { type CircuitOptions, type CircuitRules, circuitRules, type CircuitTuning } from "./circuitOptions.ts";

/** What an engine is tuned by. */
export interface TunedEngineParts {
  readonly name: string;
  readonly options: CircuitOptions;
  /** What the store has set for the circuit: the same object until it is another setting. */
  tuning(): CircuitTuning | undefined;
  nowMs(): number;
  /** Hears of a tuning that makes no sense. */
  onNonsense(error: unknown): void;
}

/** The rules of one circuit and the engine that counts by them: both are made anew where the store sets other ones. */
export class TunedEngine {
  rules: CircuitRules;
  engine: CircuitEngine;
  readonly #parts: TunedEngineParts;
  readonly #listeners: { readonly event: string; readonly listener: (...args: unknown[]) => void }[] = [];
  #tuning: CircuitTuning | undefined;

  constructor(parts: TunedEngineParts) {
    this.#parts = parts;
    this.rules = circuitRules(parts.name, parts.options);
    this.engine = this.#makeEngine();
  }

  /** Hears of single calls, whichever engine counts them. */
  onCall(event: string, listener: (...args: unknown[]) => void): void {
    this.#listeners.push({ event, listener });
    this.engine.opossum.on(event, listener);
  }

  /** Takes over what the store has set. */
  retune(): void {
    const tuning = this.#parts.tuning();
    if (tuning === this.#tuning) return;
    this.#tuning = tuning;
    try {
      this.rules = circuitRules(this.#parts.name, this.#parts.options, tuning);
      this.engine = this.#makeEngine();
    } catch (error) {
      this.#parts.onNonsense(error);
    }
  }

  #makeEngine(): CircuitEngine {
    const engine = new CircuitEngine(this.#parts.name, this.rules, this.#parts.nowMs());
    for (const { event, listener } of this.#listeners) engine.opossum.on(event, listener);
    return engine;
  }
}

import type { NextPhase } from "./circuitPhase.ts";
import { phaseOf } from "./circuitRecord.ts";
import type { CircuitReport, CircuitStore, CircuitVote, StoredCircuit } from "./circuitStore.ts";
import { unheardOf } from "./circuitStore.ts";
import { changeScript, overrideScript, readScript, reportScript } from "./redisScripts.ts";
import type { RedisEval } from "./redisEval.ts";

/** How circuits are kept in Redis. */
export interface RedisCircuitStoreOptions {
  /** What all keys begin with. The braces keep them on one node of a cluster. @default "{ballast:circuits}" */
  readonly prefix?: string;
}

/** What all scripts answer: Redis's time, and its hashes as flat lists of names and texts. */
type Answer = [nowMs: number, circuits: string[], reports: string[], overrides: string[], isChanged?: number];

/** A report as it is kept. */
type KeptReport = Omit<CircuitReport, "name" | "lastsMs">;

/** Circuits in Redis, or in what speaks its language: each method is one script, so one round trip and one at a time. */
export function redisCircuitStore(evaluate: RedisEval, options: RedisCircuitStoreOptions = {}): CircuitStore {
  const { prefix = "{ballast:circuits}" } = options;
  const keys = [`${prefix}:phases`, `${prefix}:reports`, `${prefix}:overrides`];
  const run = async (script: string, ...args: (string | number)[]) =>
    await evaluate(script, keys, args.map(String)) as Answer;
  return {
    async read() {
      const view = new RedisView(await run(readScript));
      return { circuits: view.names().map((name) => view.circuit(name)), tuning: new Map() };
    },

    async report({ name, lastsMs, ...kept }) {
      const view = new RedisView(await run(reportScript, fieldOf(name, kept.isolate), lastsMs, JSON.stringify(kept)));
      return { circuit: view.circuit(name), votes: view.votes(name) };
    },

    async change(name, epoch, next, reason) {
      const { kind, ...rest } = next;
      const lastsMs = "lastsMs" in rest ? rest.lastsMs : 0;
      const answer = await run(changeScript, name, epoch, lastsMs, JSON.stringify({ ...rest, kind, reason }));
      return { isChanged: answer[4] === 1, circuit: new RedisView(answer).circuit(name) };
    },

    async override(name, to, reason) {
      const text = to === undefined ? "" : JSON.stringify({ to, reason });
      return new RedisView(await run(overrideScript, name, text)).circuit(name);
    },
  };
}

const separator = "\u0000";

/** Names may hold anything but a NUL. */
function fieldOf(name: string, isolate: string): string {
  return `${name}${separator}${isolate}`;
}

/** What the hashes say. */
class RedisView {
  readonly #nowMs: number;
  readonly #phases: ReadonlyMap<string, string>;
  readonly #reports: ReadonlyMap<string, string>;
  readonly #overrides: ReadonlyMap<string, string>;

  constructor([nowMs, phases, reports, overrides]: Answer) {
    this.#nowMs = Number(nowMs);
    this.#phases = toMap(phases);
    this.#reports = toMap(reports);
    this.#overrides = toMap(overrides);
  }

  names(): string[] {
    const told = [...this.#reports].filter(([, text]) => this.#isLive(text)).map(([field]) =>
      field.split(separator)[0]!
    );
    return [...new Set([...this.#phases.keys(), ...this.#overrides.keys(), ...told])];
  }

  circuit(name: string): StoredCircuit {
    const override = this.#overrides.get(name);
    const suspects = this.votes(name).filter(({ failures }) => failures > 0).length;
    const text = this.#phases.get(name);
    if (text === undefined) return { ...unheardOf(name), ...overrideOf(override), suspects };
    const [, epoch, untilMs, json] = /^(\d+):(-?[\d.]+):(.*)$/s.exec(text)!;
    const record = JSON.parse(json!) as NextPhase & { readonly reason: string };
    const phase = phaseOf({ ...record, lastsMs: Number(untilMs) - this.#nowMs });
    return { name, epoch: Number(epoch), phase, reason: record.reason, ...overrideOf(override), suspects };
  }

  votes(name: string): CircuitVote[] {
    return [...this.#reports]
      .filter(([field, text]) => field.startsWith(`${name}${separator}`) && this.#isLive(text))
      .map(([, text]) => JSON.parse(text.slice(text.indexOf(":") + 1)) as KeptReport);
  }

  #isLive(text: string): boolean {
    return Number(text.slice(0, text.indexOf(":"))) > this.#nowMs;
  }
}

function overrideOf(text: string | undefined): Pick<StoredCircuit, "override"> {
  return { override: text === undefined ? undefined : JSON.parse(text) };
}

/** Pairs in a row, as Redis answers a hash; what is empty comes as an object from some. */
function toMap(flat: readonly string[]): Map<string, string> {
  const map = new Map<string, string>();
  for (let at = 0; at + 1 < flat.length; at += 2) map.set(flat[at]!, flat[at + 1]!);
  return map;
}

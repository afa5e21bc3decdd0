import { localBreaker } from "../../breaker/localBreaker.ts";
import type { Breaker } from "../../breaker/breaker.ts";
import type { RedisEval } from "../../breaker/redisEval.ts";
import type { Random } from "../../random/random.ts";
import type { Logger } from "../../telemetry/logger.ts";
import type { Clock } from "../../time/clock.ts";
import { timeLimit } from "../../time/timeLimit.ts";
import { dropScript, readScript, releaseScript, writeScript } from "./redisCacheScripts.ts";

/** How values are kept in Redis. */
export interface RedisLevelOptions {
  readonly evaluate: RedisEval;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Pick<Logger, "warn" | "info">;
  /** What all keys begin with: deployments that share a Redis tell themselves apart by it. @default "ballast:cache" */
  readonly prefix?: string;
  /** An answer that takes longer counts as none. @default 50 */
  readonly limitMs?: number;
  /** What is longer, in characters, is not kept. @default 262_144 */
  readonly maxLength?: number;
}

/** A value as it is kept. */
export interface KeptValue {
  /** Names this writing of it. */
  readonly id: string;
  readonly ageMs: number;
  readonly tags: readonly string[];
  /** The snapshot of the last look at dropped tags before its load. */
  readonly stamp: string | undefined;
  readonly text: string;
}

/** What Redis says to somebody who looks for a value. */
export interface RedisAnswer {
  readonly kept?: KeptValue;
  /** Nobody else loads it: the caller is to. */
  readonly isLeased: boolean;
}

/** A lease outlives most loads; one whose holder died is given away after it. */
const leaseMs = 10_000;

/** The second level of caches. A Redis that fails or is slow is as if there were none: it is left alone for a while. */
export class RedisLevel {
  readonly #options: Required<RedisLevelOptions>;
  readonly #breaker: Breaker;
  #isLost = false;

  constructor(options: RedisLevelOptions) {
    this.#options = { prefix: "ballast:cache", limitMs: 50, maxLength: 262_144, ...options };
    const { clock, random } = options;
    this.#breaker = localBreaker({ failureThreshold: 2, clock, random });
  }

  /** A name for a lease, and for what is written under it. */
  newToken(): string {
    return this.#options.random.uuid().replaceAll("-", "");
  }

  /** Looks for a value other than that writing; undefined where Redis does not answer. */
  async read(key: string, token: string, refused: string): Promise<RedisAnswer | undefined> {
    const answer = await this.#run(readScript, key, refused, token, leaseMs) as [string, string, number] | undefined;
    if (answer === undefined) return undefined;
    const [nowMs, text, isLeased] = answer;
    const kept = text === "" ? undefined : parseKept(text, Number(nowMs));
    return { ...(kept && { kept }), isLeased: Number(isLeased) === 1 };
  }

  /** Keeps a value, if the token's lease still stands. */
  async write(key: string, token: string, value: Omit<KeptValue, "id">, lifeMs: number): Promise<void> {
    const rest = `${JSON.stringify([value.stamp ?? null, value.tags])}\n${value.text}`;
    if (rest.length > this.#options.maxLength || lifeMs < 1) return await this.release(key, token);
    await this.#run(writeScript, key, token, Math.max(0, Math.round(value.ageMs)), Math.round(lifeMs), rest);
  }

  /** Gives a lease back: others are to try. */
  async release(key: string, token: string): Promise<void> {
    await this.#run(releaseScript, key, token);
  }

  /** Forgets a value; what is being loaded is not written any more. */
  async drop(key: string): Promise<void> {
    await this.#run(dropScript, key);
  }

  async #run(script: string, key: string, ...args: (string | number)[]): Promise<unknown> {
    if (!this.#breaker.allows()) return undefined;
    const { evaluate, prefix, limitMs, clock, log } = this.#options;
    // Both on one node of a cluster, and nobody's name readable.
    const place = `{${prefix}:${await hashOf(key)}}`;
    try {
      const answer = await timeLimit(evaluate(script, [place, `${place}:lease`], args.map(String)), limitMs, clock);
      this.#breaker.report(false);
      if (this.#isLost) log.info("Redis can be reached again: caches use it");
      this.#isLost = false;
      return answer;
    } catch (error) {
      this.#breaker.report(true);
      if (!this.#isLost) log.warn("Redis cannot be reached: caches are in memory alone", { error: String(error) });
      this.#isLost = true;
      return undefined;
    }
  }
}

/** What is not as we write it has an id all the same, under which it is refused. */
function parseKept(text: string, nowMs: number): KeptValue {
  const id = text.slice(0, 32);
  const [headEnd, timeEnd] = [text.indexOf("\n"), text.indexOf("\n", 33)];
  const rest = text.indexOf("\n", timeEnd + 1);
  const unreadable = { id, ageMs: Infinity, tags: [], stamp: undefined, text: "" };
  if (headEnd !== 32 || timeEnd === -1 || rest === -1) return unreadable;
  try {
    const [stamp, tags] = JSON.parse(text.slice(timeEnd + 1, rest)) as [string | null, string[]];
    const ageMs = Math.max(0, nowMs - Number(text.slice(33, timeEnd)));
    return { id, ageMs, tags, stamp: stamp ?? undefined, text: text.slice(rest + 1) };
  } catch {
    return unreadable;
  }
}

async function hashOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(key));
  return Array.from(new Uint8Array(digest, 0, 20), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

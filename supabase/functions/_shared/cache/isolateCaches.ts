import { upstashEval } from "../breaker/redisEval.ts";
import { adminDatabase } from "../db/adminDatabase.ts";
import { sqlClient } from "../db/sqlClient.ts";
import type { KnobReader } from "../optimizer/knobs/knobReader.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import { systemRandom } from "../random/random.ts";
import { jsonLogger } from "../telemetry/jsonLogger.ts";
import { systemClock } from "../time/clock.ts";
import { Caches } from "./caches.ts";
import { RedisLevel } from "./redis/redisLevel.ts";
import { postgresTagStore } from "./tags/postgresTagStore.ts";
import type { TagStore } from "./tags/tagStore.ts";

/** Where the platform names a database, isolates tell each other of drops through it. */
function platformTags(): TagStore | undefined {
  const hasDatabase = ["BALLAST_DB_URL", "SUPABASE_DB_URL"].some((name) => denoPlatform.env(name) !== undefined);
  return hasDatabase ? postgresTagStore(() => adminDatabase(sqlClient())) : undefined;
}

/** Where the platform names a Redis by Upstash's own variables, it is the second level. */
function platformRedis(): RedisLevel | undefined {
  const [url, token] = ["UPSTASH_REDIS_REST_URL", "UPSTASH_REDIS_REST_TOKEN"].map((name) => denoPlatform.env(name));
  if (url === undefined || token === undefined) return undefined;
  const evaluate = upstashEval({ url, token });
  return new RedisLevel({ evaluate, clock: systemClock, random: systemRandom, log: jsonLogger() });
}

let made: Caches | undefined;

/** This isolate's caches, made at first use; whoever asks first says where knobs are read. */
export function isolateCaches(knobs?: KnobReader): Caches {
  return made ??= new Caches({
    tagStore: platformTags,
    redis: platformRedis,
    waitUntil: (work) => denoPlatform.waitUntil(work),
    log: jsonLogger(),
    ...(knobs && { knobs }),
  });
}

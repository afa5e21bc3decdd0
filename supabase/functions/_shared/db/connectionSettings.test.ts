import assert from "node:assert/strict";
import type { Platform } from "../platform/platform.ts";
import { parseConnectionUrl, readConnectionSettings } from "./connectionSettings.ts";

function platform(env: Record<string, string>): Platform {
  const all: Record<string, string> = { SUPABASE_URL: "http://localhost:54321", SB_EXECUTION_ID: "i1", ...env };
  return {
    env: (name) => all[name],
    waitUntil: () => {},
    onRetire: () => {},
    cpuTimeMs: () => undefined,
    denoVersion: "2.1.4",
  };
}

const direct = "postgres://postgres:p%40ss@db.example.com:5432/postgres?sslmode=require";

Deno.test("connection settings: the runtime's own string is direct, and one connection is enough", () => {
  const settings = readConnectionSettings(platform({ SUPABASE_DB_URL: direct }));
  assert.deepEqual([settings.url, settings.isPooled, settings.poolSize], [direct, false, 1]);
  assert.match(settings.applicationName, /^ballast\/.+/);
});

Deno.test("connection settings: your own string comes first, and the pool is sized by BALLAST_DB_POOL", () => {
  const pooler = "postgres://postgres.ref:x@pooler.example.com:6543/postgres";
  const settings = readConnectionSettings(
    platform({ SUPABASE_DB_URL: direct, BALLAST_DB_URL: pooler, BALLAST_DB_POOL: "10" }),
  );
  assert.deepEqual([settings.url, settings.isPooled, settings.poolSize], [pooler, true, 10]);
});

Deno.test("connection settings: hints that are no settings of the server are read and not passed on", () => {
  assert.deepEqual(
    parseConnectionUrl("postgres://a:b@h:5432/d?pgbouncer=true&connection_limit=1&sslmode=disable"),
    { url: "postgres://a:b@h:5432/d?sslmode=disable", isPooled: true },
  );
  assert.equal(parseConnectionUrl("postgres://a:b@h:5432/d?pgbouncer=false").isPooled, false);
});

Deno.test("connection settings: what cannot be is refused, without showing the password", () => {
  for (const size of ["0", "-1", "1.5", "many", "1000"]) {
    assert.throws(
      () => readConnectionSettings(platform({ SUPABASE_DB_URL: direct, BALLAST_DB_POOL: size })),
      { message: `Cannot size the pool as 'BALLAST_DB_POOL' must be from 1 to 999: got "${size}"` },
    );
  }
  assert.throws(() => parseConnectionUrl("host=db password=hunter2"), (error: Error) => !/hunter2/.test(error.message));
});

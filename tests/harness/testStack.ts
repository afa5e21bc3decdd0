import { startIsolatePool } from "../../local/gateway/isolatePool.ts";
import { loadOrCreateKeys } from "../../local/keys/projectKeys.ts";
import type { SigningKey } from "../../local/keys/signingKey.ts";
import { functionEnv } from "../../local/stack/functionEnv.ts";
import { onFreePort } from "./onFreePort.ts";
import { type TestDatabase, testDatabase } from "./testDatabase.ts";

/** The functions served by a real isolate, with keys and a database of their own. */
export interface TestStack extends AsyncDisposable {
  readonly url: string;
  readonly publishableKey: string;
  readonly secretKey: string;
  /** Signs user tokens, good and bad ones. */
  readonly signingKey: SigningKey;
  readonly dbUrl: string;
  readonly database: TestDatabase;
  /** What the functions wrote, line by line. */
  readonly logs: readonly string[];
  /** Calls a function. */
  call(name: string, init?: RequestInit & { query?: string }): Promise<Response>;
}

/** Options of {@link testStack}. */
export interface TestStackOptions {
  /** @default the functions of this checkout */
  readonly functionsFolder?: string;
  /** Isolates side by side on one port. @default 1 */
  readonly isolates?: number;
  /** What functions find in their environment besides. */
  readonly env?: Record<string, string>;
}

/**
 * Serves the functions on a port of their own, over a copy of the migrated template. The whole supervisor is
 * `stackProcess.ts`; this starts in half a second.
 *
 * @example
 * ```ts
 * await using stack = await testStack();
 * const response = await stack.call("ops-health");
 * ```
 */
export async function testStack(options: TestStackOptions = {}): Promise<TestStack> {
  const { functionsFolder, isolates = 1, env = {} } = options;
  await using starting = new AsyncDisposableStack();
  const home = await Deno.makeTempDir({ prefix: "ballast-stack-" });
  starting.defer(() => Deno.remove(home, { recursive: true }));
  const [database, keys] = await Promise.all([testDatabase(), loadOrCreateKeys(home)]);
  starting.use(database);
  const logs: string[] = [];
  const { url, pool } = await onFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const pool = await startIsolatePool({
      port,
      isolates,
      env: { ...functionEnv({ url, dbUrl: database.url, keys }), ...env },
      watch: false,
      onLog: ({ text }) => logs.push(text),
      ...(functionsFolder === undefined ? {} : { functionsFolder }),
    });
    return { url, pool };
  });
  starting.defer(() => pool.stop());
  const owned = starting.move();
  return {
    url,
    publishableKey: keys.publishableKey,
    secretKey: keys.secretKey,
    signingKey: keys.signingKey,
    dbUrl: database.url,
    database,
    logs,
    call: (name, { query = "", ...init } = {}) => fetch(`${url}/functions/v1/${name}${query}`, init),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

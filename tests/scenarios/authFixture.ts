import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import { makeSigningKey, publicKeySet, type SigningKey } from "../../local/keys/signingKey.ts";
import { onFreePort } from "../harness/onFreePort.ts";
import { testDatabase } from "../harness/testDatabase.ts";
import { serveFunctions } from "./servedFunctions.ts";

/** Sign-in served by a real isolate over a database of its own. */
export interface AuthStack extends AsyncDisposable {
  readonly url: string;
  readonly dbUrl: string;
  readonly publishableKey: string;
  readonly sql: Awaited<ReturnType<typeof testDatabase>>["sql"];
  /** For the superuser. */
  readonly superuserUrl: string;
  /** Resolves once the isolate has written a line that contains `text`. */
  logged(text: string): Promise<string>;
  /** A client as an app makes it; it keeps its session in memory and starts no timers. */
  client(): SupabaseClient;
  /** A request past the client, with the API key. */
  request(path: string, init?: RequestInit): Promise<Response>;
}

/** Starts an {@link AuthStack}, with a signing key of its own unless one is given. */
export async function startAuthStack(options: { signingKey?: SigningKey } = {}): Promise<AuthStack> {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await testDatabase());
  const { signingKey = await makeSigningKey() } = options;
  const publishableKey = "sb_publishable_test";
  const envAt = (url: string) => ({
    SUPABASE_URL: url,
    SUPABASE_DB_URL: database.url,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: "sb_secret_test" }),
    SUPABASE_JWKS: JSON.stringify(publicKeySet(signingKey)),
    BALLAST_SIGNING_KEY: JSON.stringify(signingKey),
  });
  const served = stack.use(
    await onFreePort((port) => serveFunctions({}, { env: envAt(`http://127.0.0.1:${port}`), port })),
  );
  const { url } = served;
  const owned = stack.move();
  return {
    url,
    dbUrl: database.url,
    publishableKey,
    sql: database.sql,
    superuserUrl: database.superuserUrl,
    logged: served.logged,
    client: () => createClient(url, publishableKey, { auth: { autoRefreshToken: false, persistSession: false } }),
    request: (path, init = {}) =>
      fetch(`${url}/auth/v1${path}`, { ...init, headers: { apikey: publishableKey, ...init.headers } }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

import { join } from "node:path";
import { parseEnv } from "node:util";
import type { ProjectKeys } from "../keys/projectKeys.ts";

/** Connections an isolate may open; the hosted default is one, but here one isolate serves everything. */
const poolSize = 10;

/** The secrets a developer keeps in `supabase/functions/.env`, the file that `supabase functions serve` reads too. */
export async function readSecrets(functionsFolder: string): Promise<Record<string, string>> {
  try {
    const values = parseEnv(await Deno.readTextFile(join(functionsFolder, ".env")));
    return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Record<
      string,
      string
    >;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return {};
    throw error;
  }
}

/** The environment the hosted runtime gives to functions, with the addresses and keys of this stack. */
export function functionEnv(options: { url: string; dbUrl: string; keys: ProjectKeys }): Record<string, string> {
  const { url, dbUrl, keys } = options;
  return {
    SUPABASE_URL: url,
    SUPABASE_DB_URL: dbUrl,
    SUPABASE_PUBLISHABLE_KEYS: JSON.stringify({ default: keys.publishableKey }),
    SUPABASE_SECRET_KEYS: JSON.stringify({ default: keys.secretKey }),
    SUPABASE_JWKS: JSON.stringify(keys.jwks),
    SB_REGION: "local",
    BALLAST_DB_POOL: String(poolSize),
    // For the auth shim, which takes it out of the environment before a function is loaded.
    BALLAST_SIGNING_KEY: JSON.stringify(keys.signingKey),
  };
}

import { denoPlatform } from "./denoPlatform.ts";
import type { Platform } from "./platform.ts";

/** The project's coordinates as the runtime gives them, parsed once. */
export interface SupabaseEnv {
  readonly url: string;
  /** The connection string: your pooler's from `BALLAST_DB_URL` where set, else the direct one of the runtime. */
  readonly dbUrl: string;
  readonly publishableKeys: Readonly<Record<string, string>>;
  readonly secretKeys: Readonly<Record<string, string>>;
  /** The key set that signs user tokens, or its address. */
  readonly jwks: { keys: Record<string, unknown>[] } | URL;
}

function required(platform: Platform, name: string): string {
  const value = platform.env(name);
  if (value === undefined) throw new Error(`Cannot read the project's settings as '${name}' is not set`);
  return value;
}

function parseJson<T>(name: string, text: string): T {
  try {
    return JSON.parse(text) as T;
  } catch (cause) {
    throw new Error(`Cannot read the project's settings as '${name}' is not JSON`, { cause });
  }
}

/** Reads named keys (a JSON map), falling back to the legacy single key that ends with 2026. */
function keys(platform: Platform, mapName: string, legacyName: string): Record<string, string> {
  const map = platform.env(mapName);
  if (map !== undefined) return parseJson(mapName, map);
  const legacy = platform.env(legacyName);
  return legacy === undefined ? {} : { default: legacy };
}

let cached: SupabaseEnv | undefined;

/** The settings of the running platform, parsed at first use. Throws an error that names the variable at fault. */
export function supabaseEnv(): SupabaseEnv {
  return cached ??= readSupabaseEnv(denoPlatform);
}

/** The settings found on `platform`. */
export function readSupabaseEnv(platform: Platform): SupabaseEnv {
  const url = required(platform, "SUPABASE_URL");
  const jwks = platform.env("SUPABASE_JWKS");
  return {
    url,
    dbUrl: platform.env("BALLAST_DB_URL") ?? required(platform, "SUPABASE_DB_URL"),
    publishableKeys: keys(platform, "SUPABASE_PUBLISHABLE_KEYS", "SUPABASE_ANON_KEY"),
    secretKeys: keys(platform, "SUPABASE_SECRET_KEYS", "SUPABASE_SERVICE_ROLE_KEY"),
    jwks: jwks === undefined ? new URL("/auth/v1/.well-known/jwks.json", url) : parseJson("SUPABASE_JWKS", jwks),
  };
}

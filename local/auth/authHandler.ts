import type { ServeHandler } from "../gateway/captureServe.ts";
import type { SigningKey } from "../keys/signingKey.ts";

/** Where sign-in finds its database and keys. */
export interface AuthSettings {
  readonly url: string;
  readonly dbUrl: string;
  readonly signingKey: SigningKey;
  readonly apiKeys: ReadonlySet<string>;
}

/**
 * Takes sign-in's settings out of the environment; nothing where they are not complete. The signing key is removed, as
 * functions share the environment and the hosted runtime does not give it to them.
 */
export function takeAuthSettings(): AuthSettings | undefined {
  const signingKey = Deno.env.get("BALLAST_SIGNING_KEY");
  Deno.env.delete("BALLAST_SIGNING_KEY");
  const url = Deno.env.get("SUPABASE_URL");
  const dbUrl = Deno.env.get("SUPABASE_DB_URL");
  if (!signingKey || !url || !dbUrl) return undefined;
  const keyMaps = ["SUPABASE_PUBLISHABLE_KEYS", "SUPABASE_SECRET_KEYS"].map((name) => Deno.env.get(name) ?? "{}");
  const apiKeys = new Set(keyMaps.flatMap((map) => Object.values(JSON.parse(map) as Record<string, string>)));
  return { url, dbUrl, signingKey: JSON.parse(signingKey), apiKeys };
}

/** Answers `/auth/v1/*`. Loads and connects at the first request: functions that need no sign-in start without it. */
export function authHandler(settings: AuthSettings, onError: (error: unknown) => void): ServeHandler {
  let routes: Promise<ServeHandler> | undefined;
  return async (request, info) => await (await (routes ??= load(settings, onError)))(request, info);
}

async function load(settings: AuthSettings, onError: (error: unknown) => void): Promise<ServeHandler> {
  const [{ default: postgres }, { AccessTokens }, { AuthService }, { authRoutes }] = await Promise.all([
    import("postgres"),
    import("./accessToken.ts"),
    import("./authService.ts"),
    import("./authRoutes.ts"),
  ]);
  const sql = postgres(settings.dbUrl, {
    max: 4,
    prepare: false,
    idle_timeout: 20,
    connect_timeout: 10,
    onnotice: () => {},
    connection: { application_name: "ballast-auth" },
  });
  const service = new AuthService(sql, new AccessTokens(settings.signingKey, settings.url));
  return authRoutes({ service, apiKeys: settings.apiKeys, onError });
}

import type { ServeHandler } from "../gateway/captureServe.ts";
import { AuthError, authErrorResponse } from "./authError.ts";
import type { AuthService, Body } from "./authService.ts";
import { readBody } from "./readBody.ts";

const prefix = "/auth/v1";

/** What one route gives back: a JSON answer, or nothing (204). */
type Route = (service: AuthService, request: Request, url: URL) => Promise<unknown> | unknown;

const settings = {
  external: { email: true, phone: false, anonymous_users: true },
  disable_signup: false,
  mailer_autoconfirm: true,
  phone_autoconfirm: false,
  sms_provider: "",
  saml_enabled: false,
};

type Grant = (service: AuthService, body: Body, request: Request) => Promise<unknown>;

const grants = new Map<string | null, Grant>([
  ["password", (service, body, request) => service.signIn(body, clientOf(request))],
  ["refresh_token", (service, body) => service.refresh(body)],
]);

const routes: Record<string, Route> = {
  "GET /.well-known/jwks.json": (service) => service.jwks,
  "GET /health": () => ({ name: "GoTrue", version: "local", description: "Local stand-in for Supabase Auth" }),
  "GET /settings": () => settings,
  "POST /signup": async (service, request) => service.signUp(await readBody(request), clientOf(request)),
  "POST /token": async (service, request, url) => {
    const grant = grants.get(url.searchParams.get("grant_type"));
    if (grant === undefined) throw new AuthError(400, "invalid_credentials", "unsupported_grant_type");
    return grant(service, await readBody(request), request);
  },
  "GET /user": (service, request) => service.currentUser(request.headers.get("authorization")),
  "PUT /user": async (service, request) =>
    service.updateUser(request.headers.get("authorization"), await readBody(request)),
  "POST /logout": (service, request, url) =>
    service.signOut(request.headers.get("authorization"), url.searchParams.get("scope") ?? "global"),
};

/** Open without an API key, as on Supabase: whoever verifies tokens needs it. */
const openRoutes = new Set(["GET /.well-known/jwks.json"]);

const corsHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET, POST, PUT, DELETE, OPTIONS",
  "access-control-allow-headers":
    "authorization, apikey, content-type, x-client-info, x-supabase-api-version, x-supabase-client-platform",
  "access-control-expose-headers": "x-supabase-api-version, x-sb-error-code",
  "access-control-max-age": "86400",
};

/** Options of {@link authRoutes}. */
export interface AuthRoutesOptions {
  readonly service: AuthService;
  /** The project's API keys, any of which opens the routes. */
  readonly apiKeys: ReadonlySet<string>;
  /** Hears of what failed on our side; the client is told no more than that it did. */
  readonly onError: (error: unknown) => void;
}

/** Answers `/auth/v1/*` as Supabase Auth does, as far as supabase-js needs it to sign people up and in. */
export function authRoutes({ service, apiKeys, onError }: AuthRoutesOptions): ServeHandler {
  return async (request) => {
    if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: allowAsked(request) });
    const response = await answer(request).catch((error) => authErrorResponse(toAuthError(error), request));
    for (const [name, value] of Object.entries(corsHeaders)) response.headers.set(name, value);
    response.headers.set("cache-control", "no-store");
    return response;
  };

  async function answer(request: Request): Promise<Response> {
    const url = new URL(request.url);
    const name = `${request.method} ${url.pathname.slice(prefix.length)}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!openRoutes.has(name)) {
      const apiKey = request.headers.get("apikey") ?? url.searchParams.get("apikey");
      if (apiKey === null) return Response.json({ message: "No API key found in request" }, { status: 401 });
      if (!apiKeys.has(apiKey)) return Response.json({ message: "Invalid API key" }, { status: 401 });
    }
    if (route === undefined) throw new AuthError(404, "not_found", `Cannot ${name.slice(0, 200)} locally`);
    const body = await route(service, request, url);
    return body === undefined ? new Response(null, { status: 204 }) : Response.json(body);
  }

  function toAuthError(error: unknown): AuthError {
    if (error instanceof AuthError) return error;
    const { code } = error as { code?: unknown };
    // Class 22: Postgres cannot keep it, such as a NUL or half a surrogate pair.
    if (typeof code === "string" && /^22...$/.test(code)) {
      return new AuthError(400, "validation_failed", "Cannot store what was sent");
    }
    onError(error);
    return new AuthError(
      500,
      "unexpected_failure",
      "Unexpected failure, please check server logs for more information",
    );
  }
}

function allowAsked(request: Request): Headers {
  const headers = new Headers(corsHeaders);
  const asked = request.headers.get("access-control-request-headers");
  if (asked !== null) headers.set("access-control-allow-headers", asked);
  return headers;
}

function clientOf(request: Request) {
  return { userAgent: request.headers.get("user-agent")?.slice(0, 500) ?? null };
}

import { contribute } from "./answerHeaders.ts";
import { defineMiddleware } from "./middleware.ts";

/** Options of {@link withCors}. */
export interface WithCorsConfig {
  /** What a preflight says may be sent. */
  readonly methods: readonly string[];
  /** One origin, or any. Credentials are never allowed: tokens travel in headers, not in cookies. @default "*" */
  readonly origin?: string;
  /** Response headers a page may read. @default ["*"]: all, which holds where no credentials travel, as here */
  readonly exposedHeaders?: readonly string[];
  /** How long a browser may keep a preflight's answer. @default 86_400 */
  readonly maxAgeSeconds?: number;
}

/** What {@link withCors} decided. */
export interface Cors {
  readonly allowedOrigin: string;
}

/**
 * Answers preflights and opens answers to pages of other origins. Does what the package's own does, but stamps answers
 * in place: a rebuilt Response costs its text body the runtime's fast path.
 */
export const withCors = defineMiddleware<"cors", WithCorsConfig, Record<never, never>, Cors>({
  key: "cors",
  run: (config) => {
    const { methods, origin = "*", exposedHeaders = ["*"], maxAgeSeconds = 86_400 } = config;
    const vary: Record<string, string> = origin === "*" ? {} : { vary: "Origin" };
    const opened = {
      "access-control-allow-origin": origin,
      "access-control-expose-headers": exposedHeaders.join(", "),
      ...vary,
    };
    const preflight = {
      "access-control-allow-origin": origin,
      "access-control-allow-methods": methods.join(", "),
      "access-control-max-age": String(maxAgeSeconds),
      allow: methods.join(", "),
    };
    const contribution = { cors: { allowedOrigin: origin } };
    return (req, ctx) => {
      if (req.method === "OPTIONS" && req.headers.has("access-control-request-method")) {
        // Reflected: without cookies a header can only be sent by a page that already holds its value.
        const requested = req.headers.get("access-control-request-headers");
        const allowed: Record<string, string> = requested === null ? {} : { "access-control-allow-headers": requested };
        return new Response(null, {
          status: 204,
          headers: { ...preflight, ...allowed, vary: "Origin, Access-Control-Request-Headers" },
        });
      }
      return contribute(ctx, contribution, () => opened);
    };
  },
});

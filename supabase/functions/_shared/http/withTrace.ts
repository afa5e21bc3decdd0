import { defineMiddleware } from "./middleware.ts";
import { type Random, systemRandom } from "../random/random.ts";
import { stampHeaders } from "./stampHeaders.ts";
import { type TraceContext, traceContext } from "./traceContext.ts";

/** Options of {@link withTrace}. */
export interface WithTraceConfig {
  /** @default systemRandom */
  readonly random?: Random;
}

/** Names the request (`ctx.trace`) and tells the caller the name in `x-request-id`. */
export const withTrace = defineMiddleware<"trace", WithTraceConfig | undefined, Record<never, never>, TraceContext>({
  key: "trace",
  run: ({ random = systemRandom } = {}) =>
    function* (req) {
      const trace = traceContext(req.headers, random);
      const response = yield { trace };
      return stampHeaders(response, { "x-request-id": trace.requestId });
    },
});

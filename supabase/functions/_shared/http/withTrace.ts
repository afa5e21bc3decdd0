import { contribute } from "./answerHeaders.ts";
import { defineMiddleware } from "./middleware.ts";
import { type Random, systemRandom } from "../random/random.ts";
import { type TraceContext, traceContext } from "./traceContext.ts";

/** Options of {@link withTrace}. */
export interface WithTraceConfig {
  /** @default systemRandom */
  readonly random?: Random;
}

/** Names the request (`ctx.trace`) and tells the caller the name in `x-request-id`. */
export const withTrace = defineMiddleware<"trace", WithTraceConfig | undefined, Record<never, never>, TraceContext>({
  key: "trace",
  run: ({ random = systemRandom } = {}) => (req, ctx) => {
    const trace = traceContext(req.headers, random);
    return contribute(ctx, { trace }, () => ({ "x-request-id": trace.requestId }));
  },
});

import { type Entry, type FetchHandler, pipeline } from "./middleware.ts";
import type * as z from "zod";
import { answerer } from "./answer.ts";
import type { FunctionContract, HttpMethod, MethodDefinition } from "./contract.ts";
import { longestDeadlineMs } from "./requestDeadline.ts";
import type { KernelServices } from "./services.ts";
import type { TraceContext } from "./traceContext.ts";
import { type VerifiedCredentials, withAuth } from "./withAuth.ts";
import { withBody } from "./withBody.ts";
import { withDeadline } from "./withDeadline.ts";
import { withIdempotency } from "./withIdempotency.ts";
import { withInput } from "./withInput.ts";
import { withRateLimit } from "./withRateLimit.ts";
import { withRequestContext } from "./withRequestContext.ts";
import type { ServerTiming } from "./withServerTiming.ts";

/** What the layers around all methods have put on the context. */
export interface OuterContext {
  readonly trace: TraceContext;
  readonly timing: ServerTiming;
}

/** A use case that outlives its deadline has this long to notice before a retry may run beside it. */
const leaseMarginMs = 10_000;

/** Declares what is on the context already; costs nothing at runtime. */
function given<Context extends object>(): Entry<Context> {
  return (handler) => handler;
}

/** What the pipelines of an isolate share. */
export interface PipelineParts {
  readonly services: KernelServices;
  readonly verified: VerifiedCredentials;
}

/**
 * Folds the layers of one method around its use case, once.
 *
 * The deadline stands first, so that it also covers slow senders and a slow database in the layers further in; and so
 * that a use case which outlives it still finishes its idempotency record.
 */
export function methodPipeline(
  contract: FunctionContract,
  method: HttpMethod,
  definition: MethodDefinition<z.ZodType, z.ZodType>,
  { services, verified }: PipelineParts,
): FetchHandler {
  const { clock, platform, log } = services;
  const { auth = contract.auth, bodyLimitBytes, deadlineMs = 25_000, input, handler } = definition;
  const name = `${contract.name} ${method}`;
  const answer = answerer(definition);
  const source = method === "GET" || method === "DELETE" ? "query" : "body";
  return pipeline(
    [
      given<OuterContext>(),
      withDeadline({ clock, platform, deadlineMs }),
      withAuth({ modes: auth, env: () => services.supabaseEnv(), verified, clock }),
      withRateLimit({
        policy: definition.rateLimit,
        name,
        store: services.rateLimits,
        log,
        clock,
        waitUntil: (work) => platform.waitUntil(work),
      }),
      withBody(bodyLimitBytes === undefined ? {} : { limitBytes: bodyLimitBytes }),
      withInput({ schema: input, source }),
      withIdempotency({
        isEnabled: definition.idempotent === true,
        name,
        store: services.idempotency,
        log,
        leaseMs: Math.min(deadlineMs, longestDeadlineMs) + leaseMarginMs,
      }),
      withRequestContext({ services, functionName: contract.name, isAdminDeclared: contract.admin }),
    ],
    async (_request, ctx) => {
      const startedAt = ctx.timing.now();
      const result = await handler(ctx.input, ctx.kernel);
      ctx.timing.record("use-case", startedAt);
      return answer(result, ctx.deadline, clock);
    },
  );
}

import { type Entry, type FetchHandler, pipeline } from "./middleware.ts";
import type { z } from "zod";
import { answerer } from "./answer.ts";
import type { FunctionContract, HttpMethod, MethodDefinition } from "./contract.ts";
import { eventStreamResponse } from "./eventStreamResponse.ts";
import { isEventStream } from "./eventStream.ts";
import type { KernelServices } from "./services.ts";
import type { TraceContext } from "./traceContext.ts";
import { type VerifiedCredentials, withAuth } from "./withAuth.ts";
import { withBody } from "./withBody.ts";
import { withDeadline } from "./withDeadline.ts";
import { withInput } from "./withInput.ts";
import { withRequestContext } from "./withRequestContext.ts";
import type { ServerTiming } from "./withServerTiming.ts";

/** What the layers around all methods have put on the context. */
export interface OuterContext {
  readonly trace: TraceContext;
  readonly timing: ServerTiming;
}

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
  const { clock, platform } = services;
  const { auth = contract.auth, bodyLimitBytes, deadlineMs, input, handler } = definition;
  const answer = answerer(definition);
  const source = method === "GET" || method === "DELETE" ? "query" : "body";
  return pipeline(
    [
      given<OuterContext>(),
      withDeadline({ clock, platform, ...(deadlineMs === undefined ? {} : { deadlineMs }) }),
      withAuth({ modes: auth, env: () => services.supabaseEnv(), verified, clock }),
      withBody(bodyLimitBytes === undefined ? {} : { limitBytes: bodyLimitBytes }),
      withInput({ schema: input, source }),
      withRequestContext({ services, functionName: contract.name, isAdminDeclared: contract.admin }),
    ],
    async (_request, ctx) => {
      const startedAt = ctx.timing.now();
      const result = await handler(ctx.input, ctx.kernel);
      ctx.timing.record("use-case", startedAt);
      return isEventStream(result) ? eventStreamResponse(result, ctx.deadline, clock) : answer(result);
    },
  );
}

import { type FetchHandler, pipeline, seedContext } from "./middleware.ts";
import * as z from "zod";
import { AppError } from "../errors/appError.ts";
import { collectHeaders } from "./answerHeaders.ts";
import { causedBy, type CauseScope } from "../telemetry/causeScope.ts";
import type { Clock } from "../time/clock.ts";
import { checkDefinition } from "./checkDefinition.ts";
import type { EdgeFunction, FunctionContract, FunctionDefinition, HttpMethod, MethodDefinition } from "./contract.ts";
import { methodPipeline, type PipelineParts } from "./methodPipeline.ts";
import type { KernelServices } from "./services.ts";
import type { TraceContext } from "./traceContext.ts";
import { verifiedCredentials } from "./withAuth.ts";
import { withCors } from "./withCors.ts";
import { withProblems } from "./withProblems.ts";
import { withServerTiming } from "./withServerTiming.ts";
import { withTrace } from "./withTrace.ts";

/** Makes an {@link EdgeFunction} of a declaration. */
export type DefineFunction = <
  GetIn extends z.ZodType = z.ZodUndefined,
  GetOut extends z.ZodType = z.ZodUndefined,
  PostIn extends z.ZodType = z.ZodUndefined,
  PostOut extends z.ZodType = z.ZodUndefined,
  PutIn extends z.ZodType = z.ZodUndefined,
  PutOut extends z.ZodType = z.ZodUndefined,
  PatchIn extends z.ZodType = z.ZodUndefined,
  PatchOut extends z.ZodType = z.ZodUndefined,
  DeleteIn extends z.ZodType = z.ZodUndefined,
  DeleteOut extends z.ZodType = z.ZodUndefined,
>(
  definition: FunctionDefinition<
    GetIn,
    GetOut,
    PostIn,
    PostOut,
    PutIn,
    PutOut,
    PatchIn,
    PatchOut,
    DeleteIn,
    DeleteOut
  >,
) => EdgeFunction;

type Methods = { readonly [Method in HttpMethod]?: MethodDefinition<z.ZodType, z.ZodType> };

/** Makes `defineFunction` over given services. They are asked for at the first request, not before. */
export function createFunctionFactory(services: () => KernelServices): DefineFunction {
  let parts: PipelineParts | undefined;
  return (definition) => {
    // The parameters have done their work: they typed each handler by the schemas beside it.
    const methods = definition.methods as unknown as Methods;
    const contract = contractOf(definition, methods);
    checkDefinition(contract);
    let app: FetchHandler | undefined;
    return {
      contract,
      fetch(request) {
        parts ??= { services: services(), verified: verifiedCredentials() };
        app ??= functionPipeline(contract, methods, parts);
        // Seeded here, so that the package does not wrap the request in a proxy that buffers its body.
        const context = seedContext();
        const stamp = collectHeaders(context);
        const { monitor } = parts.services;
        const arrivedAt = monitor.arrived();
        return app(request, context).then((answer) => {
          const response = stamp(answer);
          monitor.answered(contract.name, request.method, arrivedAt, response);
          return response;
        });
      },
    };
  };
}

function contractOf(
  { name, summary, auth, admin = false }: Pick<FunctionContract, "name" | "summary" | "auth"> & { admin?: boolean },
  methods: Methods,
): FunctionContract {
  const contracts = Object.entries(methods).map(([method, { handler: _, ...contract }]) => [method, contract]);
  return { name, summary, auth, admin, methods: Object.fromEntries(contracts) };
}

function functionPipeline(contract: FunctionContract, methods: Methods, parts: PipelineParts): FetchHandler {
  const { clock, random, log, monitor } = parts.services;
  const apps: { [Method in HttpMethod]?: FetchHandler } = {};
  for (
    const [method, definition] of Object.entries(methods) as [HttpMethod, MethodDefinition<z.ZodType, z.ZodType>][]
  ) {
    apps[method] = methodPipeline(contract, method, definition, parts);
  }
  const allowed = [...Object.keys(apps), ...(apps.GET === undefined ? [] : ["HEAD"]), "OPTIONS"];
  return pipeline(
    [
      withTrace({ random }),
      withServerTiming({ clock }),
      withCors({ methods: allowed }),
      withProblems({ log: log.with({ function: contract.name }), monitor, functionName: contract.name }),
    ],
    causedByRequest(contract.name, clock, async (request, ctx) => {
      const { method } = request;
      if (method === "HEAD" && apps.GET !== undefined) return withoutBody(await apps.GET(request, ctx));
      const app = Object.hasOwn(apps, method) ? apps[method as HttpMethod] : undefined;
      if (app !== undefined) return app(request, ctx);
      if (method === "OPTIONS") return new Response(null, { status: 204, headers: { allow: allowed.join(", ") } });
      throw new AppError("method_not_allowed", `Cannot answer ${method} as '${contract.name}' does not`, {
        details: { allowed },
        headers: { allow: allowed.join(", ") },
      });
    }),
  );
}

/** Whatever the layers further in do, they do on behalf of the request. */
function causedByRequest<Context extends { readonly trace: TraceContext }>(
  functionName: string,
  clock: Pick<Clock, "now">,
  handler: (request: Request, ctx: Context) => Promise<Response>,
) {
  return (request: Request, ctx: Context) => {
    const scope = scopeOf(ctx.trace, functionName, clock.now());
    return causedBy(scope, () => handler(request, ctx));
  };
}

/**
 * Plain values, nothing that leads to the request. The runtime keeps scopes as values of a weak map, and those outlive the
 * collection of young objects: with them each request would be copied and grow old, at 10 ms a pause instead of 1.
 */
function scopeOf(trace: TraceContext, functionName: string, startedAtMs: number): CauseScope {
  return { requestId: trace.requestId, functionName, startedAtMs, callerSpan: trace.callerSpan };
}

/** HEAD is GET but for the body. */
async function withoutBody(response: Response): Promise<Response> {
  await response.body?.cancel();
  return new Response(null, { status: response.status, headers: response.headers });
}

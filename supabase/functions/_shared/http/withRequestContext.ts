import { defineMiddleware } from "./middleware.ts";
import type { Caller } from "./caller.ts";
import type { RequestContext } from "./context.ts";
import type { Deadline } from "./deadline.ts";
import { KernelContext } from "./kernelContext.ts";
import type { KernelServices } from "./services.ts";
import type { TraceContext } from "./traceContext.ts";

/** Options of {@link withRequestContext}. */
export interface WithRequestContextConfig {
  readonly services: KernelServices;
  /** The function's name, for its log lines. */
  readonly functionName: string;
  /** May `admin` be read? @default false */
  readonly isAdminDeclared?: boolean;
}

/** Puts what a use case gets besides its input at `ctx.kernel`. */
export const withRequestContext = defineMiddleware<
  "kernel",
  WithRequestContextConfig,
  { trace: TraceContext; caller: Caller; deadline: Deadline },
  RequestContext
>({
  key: "kernel",
  run: ({ services, functionName, isAdminDeclared = false }) => (request, { trace, caller, deadline }) => ({
    kernel: new KernelContext({ services, functionName, isAdminDeclared, request, trace, caller, deadline }),
  }),
});

import type { ServeHandler } from "./captureServe.ts";
import type { FunctionState, FunctionTable } from "./functionTable.ts";
import { describeError, shortStack } from "./describeError.ts";
import { nearestNames } from "./nearestNames.ts";
import { problemResponse } from "./problemResponse.ts";

const functionsPrefix = "/functions/v1/";

/** What the gateway serves besides functions. */
export interface GatewayRoutes {
  /** Answers everything under `/auth/v1/`. */
  readonly auth?: ServeHandler;
  /** Answers `/`. */
  readonly console: () => Response;
  /** Answers `/health`. */
  readonly health: () => Response;
}

/**
 * Sends a request to its function, unchanged: the function sees the URL the client called.
 *
 * Works on the URL's text: parsing it took 0.4 to 0.9 us, reading the name out of it a tenth of that.
 */
export function routeRequest(functions: FunctionTable, routes: GatewayRoutes): ServeHandler {
  return (request, info) => {
    const url = request.url;
    const pathStart = url.indexOf("/", url.indexOf("//") + 2);
    if (url.startsWith(functionsPrefix, pathStart)) {
      const nameStart = pathStart + functionsPrefix.length;
      let nameEnd = nameStart;
      for (; nameEnd < url.length; nameEnd++) {
        const char = url.charCodeAt(nameEnd);
        if (char === 47 /* / */ || char === 63 /* ? */) break;
      }
      const name = url.slice(nameStart, nameEnd);
      const state = functions.get(name);
      if (state === undefined) return notFound(name, functions);
      if (state.kind === "ready") return state.handler(request, info);
      return functions.load(name).then((loaded) => answer(loaded, name, request, info));
    }
    const queryStart = url.indexOf("?", pathStart);
    const path = url.slice(pathStart, queryStart < 0 ? undefined : queryStart);
    if (path.startsWith("/auth/v1/") && routes.auth) return routes.auth(request, info);
    if (path === "/") return routes.console();
    if (path === "/health") return routes.health();
    return problemResponse("not_found", `Cannot find '${path}': functions are under ${functionsPrefix}<name>`);
  };
}

function notFound(name: string, functions: FunctionTable): Response {
  const nearest = nearestNames(name, functions.names);
  const hint = nearest.length > 0 ? `did you mean '${nearest[0]}'?` : "no name is near";
  return problemResponse("function_not_found", `Cannot find a function named '${name.slice(0, 100)}': ${hint}`, {
    details: { nearest },
  });
}

function answer(state: FunctionState, name: string, request: Request, info: Deno.ServeHandlerInfo) {
  if (state.kind === "ready") return state.handler(request, info);
  const error = state.kind === "failed" ? state.error : undefined;
  return problemResponse("function_failed_to_load", `Cannot load '${name}': ${describeError(error)}`, {
    details: { stack: shortStack(error) },
  });
}

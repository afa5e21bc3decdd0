import { pathToFileURL } from "node:url";
import { authHandler, takeAuthSettings } from "../auth/authHandler.ts";
import { consolePage } from "./consolePage.ts";
import { trackBackgroundWork } from "./edgeRuntime.ts";
import { FunctionTable, listFunctions } from "./functionTable.ts";
import { type IsolateSettings, readyLine } from "./isolateProtocol.ts";
import { describeError, shortStack } from "./describeError.ts";
import { report, tell } from "./isolateOutput.ts";
import { problemResponse } from "./problemResponse.ts";
import { Retirement } from "./retirement.ts";
import { routeRequest } from "./routeRequest.ts";
import { steerConnections } from "./steerConnections.ts";

// The process that serves the functions: the stand-in for one isolate of the hosted runtime. The supervisor talks to it
// over stdin ("drain <reason>"), and the end of stdin is the end of the supervisor.

const settings = JSON.parse(Deno.args[0] ?? "{}") as IsolateSettings;
const executionId = Deno.env.get("SB_EXECUTION_ID") ?? crypto.randomUUID();

const background = trackBackgroundWork((error) => report("Background work failed", error));
Object.assign(globalThis, { EdgeRuntime: background.edgeRuntime });
addEventListener("unhandledrejection", (event) => {
  event.preventDefault();
  report("Unhandled rejection", event.reason);
});
addEventListener("error", (event) => {
  event.preventDefault();
  report("Uncaught error", event.error);
});
// Ctrl-C reaches the whole process group; when to stop is the supervisor's decision.
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGINT", () => {});

const functions = new FunctionTable(
  pathToFileURL(settings.functionsFolder),
  listFunctions(settings.functionsFolder),
  (name, error) => report(`Cannot load function '${name}'`, error),
);
const authSettings = takeAuthSettings();
const facts = {
  url: Deno.env.get("SUPABASE_URL") ?? `http://${settings.hostname}:${settings.port}`,
  publishableKey: (JSON.parse(Deno.env.get("SUPABASE_PUBLISHABLE_KEYS") ?? "{}") as Record<string, string>).default,
};
const route = routeRequest(functions, {
  ...(authSettings && { auth: authHandler(authSettings, (error) => report("Sign-in failed", error)) }),
  console: () => consolePage(functions, facts),
  health: () => Response.json({ status: "ok", executionId, functions: [...functions.names] }),
});

/** Without it new connections are spread over old and new isolates: a few may be lost, none is answered wrongly. */
function takeConnections(port: number): void {
  try {
    if (settings.peers > 0) steerConnections(port, settings.peers);
  } catch (error) {
    report("Cannot steer connections to this isolate", error);
  }
  Deno.permissions.revokeSync({ name: "ffi" }); // Functions have none on the hosted runtime.
}

const retirement = new Retirement(background);
const server = functions.serve({
  port: settings.port,
  hostname: settings.hostname,
  reusePort: settings.reusePort,
  onListen: ({ port }) => {
    takeConnections(port);
    tell(`${readyLine} ${port}`);
    functions.warm();
  },
  onError: (error) => {
    report("A function threw", error);
    return problemResponse("internal", describeError(error), { details: { stack: shortStack(error) } });
  },
}, retirement.watch(route));

if (Deno.build.os !== "windows") {
  Deno.addSignalListener("SIGTERM", () => retirement.begin(server, "shutdown", settings.graceMs));
}
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const [, reason] = /drain (\S+)/.exec(chunk) ?? [];
  if (reason !== undefined) retirement.begin(server, reason, settings.graceMs);
}
await retirement.begin(server, "shutdown", Math.min(settings.graceMs, 3_000));

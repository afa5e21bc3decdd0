import { pathToFileURL } from "node:url";
import { authHandler, takeAuthSettings } from "../auth/authHandler.ts";
import { consolePage } from "./consolePage.ts";
import { trackBackgroundWork } from "./edgeRuntime.ts";
import { FunctionTable, listFunctions } from "./functionTable.ts";
import { closedLine, type IsolateSettings, readyLine } from "./isolateProtocol.ts";
import { problemResponse } from "./problemResponse.ts";
import { steerConnections } from "./steerConnections.ts";
import { describeError, routeRequest, shortStack } from "./routeRequest.ts";

// The process that serves the functions: the stand-in for one isolate of the hosted runtime. The supervisor talks to it
// over stdin ("drain <reason>"), and the end of stdin is the end of the supervisor.

const settings = JSON.parse(Deno.args[0] ?? "{}") as IsolateSettings;
const quietMs = 50;
const longestQuietWaitMs = 1_000;
const executionId = Deno.env.get("SB_EXECUTION_ID") ?? crypto.randomUUID();

function tell(line: string): void {
  Deno.stdout.writeSync(new TextEncoder().encode(`${line}\n`));
}

function report(event: string, error: unknown): void {
  const stack = shortStack(error, 8).map((line) => `\n    ${line}`).join("");
  Deno.stderr.writeSync(new TextEncoder().encode(`${event}: ${describeError(error)}${stack}\n`));
}

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

let isDraining = false;
let lastRequestAt = 0;
const aborted = new AbortController();
const server = functions.serve({
  port: settings.port,
  hostname: settings.hostname,
  reusePort: settings.reusePort,
  signal: aborted.signal,
  onListen: ({ port }) => {
    takeConnections(port);
    tell(`${readyLine} ${port}`);
    functions.warm();
  },
  onError: (error) => {
    report("A function threw", error);
    return problemResponse("internal", describeError(error), { details: { stack: shortStack(error) } });
  },
}, (request, info) => {
  if (!isDraining) return route(request, info);
  lastRequestAt = performance.now();
  return Promise.resolve(route(request, info)).then(closeConnection);
});

/** Sends a client that keeps its connection to the isolate that took over. */
function closeConnection(response: Response): Response {
  try {
    response.headers.set("connection", "close");
    return response;
  } catch {
    const headers = new Headers(response.headers); // Answers of fetch have headers that cannot be changed.
    headers.set("connection", "close");
    return new Response(response.body, { status: response.status, headers });
  }
}

/** Resolves when requests have stopped coming: those sent before others took over have all been read then. */
async function quiet(): Promise<void> {
  const startedAt = lastRequestAt = performance.now();
  while (performance.now() - lastRequestAt < quietMs && performance.now() - startedAt < longestQuietWaitMs) {
    await new Promise((resolve) => setTimeout(resolve, quietMs / 5));
  }
}

/** Ends this isolate: requests first, then `beforeunload`, then what `waitUntil` holds; all within the grace period. */
async function drain(reason: string, graceMs: number): Promise<never> {
  if (isDraining) return await new Promise<never>(() => {});
  isDraining = true;
  setTimeout(() => {
    report("Isolate retired with work left", new Error(`${background.pending} promises pending after ${graceMs} ms`));
    Deno.exit(0);
  }, graceMs);
  const cut = setTimeout(() => aborted.abort(), graceMs / 2); // Endless event streams end here.
  if (reason !== "shutdown") await quiet();
  const finished = server.shutdown();
  tell(closedLine);
  await finished;
  clearTimeout(cut);
  dispatchEvent(new CustomEvent("beforeunload", { detail: { reason } }));
  await background.settled();
  Deno.exit(0);
}

if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => drain("shutdown", settings.graceMs));
for await (const chunk of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const [, reason] = /drain (\S+)/.exec(chunk) ?? [];
  if (reason !== undefined) drain(reason, settings.graceMs);
}
await drain("shutdown", Math.min(settings.graceMs, 3_000));

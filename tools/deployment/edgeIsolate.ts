/**
 * Stands in for the hosted runtime around one function, on the real Deno 2.1.4: takes away what that runtime lacks,
 * adds what it has, imports the entry, says how long the import took, and serves it. Runs by itself, beside the
 * uploaded files, so it imports nothing. Arguments: the entry's address, and `serve` or `load`; the latter waits for a
 * byte on standard input before it begins, so that whoever measures can look at the process before and after.
 */
type Handler = (request: Request) => Response | Promise<Response>;

const serve = Deno.serve;
const [entry = "", mode = "serve"] = Deno.args;
const say = (message: unknown) => Deno.stdout.writeSync(new TextEncoder().encode(`${JSON.stringify(message)}\n`));

let captured: Handler | undefined;
const scope = globalThis as unknown as { Deno: Record<string, unknown>; Worker?: unknown; EdgeRuntime?: unknown };
for (const missing of ["cron", "openKv", "Command", "dlopen", "listen", "listenTls"]) {
  Object.defineProperty(scope.Deno, missing, { value: undefined, configurable: true });
}
delete scope.Worker;
scope.EdgeRuntime = { waitUntil: (work: Promise<unknown>) => (work.catch(say), work) };
Object.defineProperty(scope.Deno, "serve", {
  value: (...args: unknown[]) => {
    captured = args.find((arg) => typeof arg === "function") as Handler | undefined;
    return { finished: new Promise(() => {}), shutdown: () => Promise.resolve() };
  },
});

if (mode === "load") {
  say({ ready: true });
  await Deno.stdin.read(new Uint8Array(1));
}
const startedAt = performance.now();
const module = await import(entry) as { default?: { fetch?: Handler } };
const loadMs = performance.now() - startedAt;

for (const sync of ["readFileSync", "readTextFileSync", "writeFileSync", "writeTextFileSync", "statSync", "openSync"]) {
  Object.defineProperty(scope.Deno, sync, { value: undefined, configurable: true });
}
const handler = module.default?.fetch?.bind(module.default) ?? captured;
if (handler === undefined) {
  say({ error: "The entry neither exports { fetch } by default nor calls Deno.serve" });
  Deno.exit(1);
}
if (mode === "load") {
  say({ loadMs });
  await Deno.stdin.read(new Uint8Array(1));
  Deno.exit(0);
}
serve({ hostname: "127.0.0.1", port: 0, onListen: ({ port }) => say({ loadMs, port }) }, (request) => handler(request));

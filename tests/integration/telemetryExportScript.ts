/** What a function does, on a runtime that exports spans: run by `telemetryExport.test.ts` in a process of its own. */
import { denoPlatform } from "../../supabase/functions/_shared/platform/denoPlatform.ts";
import { causedBy } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import { watchExports } from "../../supabase/functions/_shared/telemetry/export/watchExports.ts";
import { isolateHub } from "../../supabase/functions/_shared/telemetry/kernelHub.ts";

const behind: Promise<unknown>[] = [];
watchExports({
  platform: { env: denoPlatform.env, waitUntil: (work) => void behind.push(work) },
  hub: isolateHub,
  isolate: () => "i1",
});
await Promise.all(behind);

function work(): void {
  isolateHub.called("db.insert", 5, false, () => "insert public.orders (id)");
  isolateHub.called("circuit.maps", 12, true);
  isolateHub.called("cache.flags", 1, false);
  isolateHub.happened({ kind: "retry", subject: "maps", cause: "error:http_503" });
}

// A request that nobody else has a span of.
const callerSpan = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const scope = { requestId: "req-1", functionName: "orders", startedAtMs: Date.now() - 40, callerSpan };
causedBy(scope, () => {
  work();
  isolateHub.called("http.POST", 40, true);
});

// One that the runtime has its own span of.
const server = Deno.serve(
  { port: 0, hostname: "127.0.0.1", onListen() {} },
  () =>
    causedBy({ requestId: "req-2", functionName: "orders" }, () => {
      work();
      isolateHub.called("http.GET", 1, false);
      return new Response("well");
    }),
);
const response = await fetch(`http://127.0.0.1:${server.addr.port}/`);
await response.text();
await server.shutdown();

isolateHub.happened({ kind: "trip", subject: "maps", cause: "error:http_503" });
await Promise.all(behind);

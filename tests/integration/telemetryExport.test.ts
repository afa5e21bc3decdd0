import assert from "node:assert/strict";
import { join } from "node:path";
import { edgeDenoEnv, ensureBinary } from "../../tools/realBinaries.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { causedBy } from "../../supabase/functions/_shared/telemetry/causeScope.ts";
import { plainSentry } from "../../supabase/functions/_shared/telemetry/export/plainSentry.ts";
import type {
  SentryClient,
  SentryClientOptions,
} from "../../supabase/functions/_shared/telemetry/export/sentryClient.ts";
import type { OptionalPackages } from "../../supabase/functions/_shared/telemetry/export/optionalPackages.ts";
import { SentryObserver } from "../../supabase/functions/_shared/telemetry/export/sentryObserver.ts";
import { watchExports } from "../../supabase/functions/_shared/telemetry/export/watchExports.ts";
import { KernelHub } from "../../supabase/functions/_shared/telemetry/kernelHub.ts";

interface Span {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { key: string; value: Record<string, unknown> }[];
  readonly events?: readonly { name: string }[];
  readonly status?: { code?: number };
}

/** Stands in for a collector, or for Sentry's ingest: keeps what it is sent. */
function startIngest(answer: () => Response = () => Response.json({})) {
  const received: { path: string; headers: Headers; text: string }[] = [];
  const server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen() {} }, async (request) => {
    const { pathname, search } = new URL(request.url);
    received.push({ path: pathname + search, headers: request.headers, text: await request.text() });
    return answer();
  });
  return { received, port: server.addr.port, [Symbol.asyncDispose]: () => server.shutdown() };
}

/** Our words for the two packages are theirs: the compiler says so. */
void ({
  "@opentelemetry/api": await import("@opentelemetry/api"),
  "@sentry/deno": await import("@sentry/deno"),
} satisfies OptionalPackages);

Deno.test("spans of requests, statements and circuits reach a collector, each under its own request", async () => {
  await using ingest = startIngest();
  const script = new URL("telemetryExportScript.ts", import.meta.url);
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "-A", "--quiet", script.href],
    env: {
      OTEL_DENO: "true",
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ingest.port}`,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      NO_COLOR: "1",
    },
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  const spans = ingest.received.filter(({ path }) => path === "/v1/traces").flatMap(({ text }) =>
    (JSON.parse(text) as { resourceSpans: { scopeSpans: { spans: Span[] }[] }[] }).resourceSpans
      .flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans))
  );
  const valueOf = ({ attributes }: Span, key: string) =>
    Object.values(attributes.find((attribute) => attribute.key === key)?.value ?? {})[0];
  const of = (requestId: string) => spans.filter((span) => valueOf(span, "ballast.request_id") === requestId);

  const [root, ...roots] = of("req-1").filter(({ name }) => name === "POST orders");
  assert.deepEqual(roots, []);
  assert.deepEqual([root!.traceId, root!.parentSpanId], ["0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"]);
  assert.equal(root!.status?.code, 2);
  const tookMs = (Number(BigInt(root!.endTimeUnixNano) - BigInt(root!.startTimeUnixNano))) / 1e6;
  assert.ok(tookMs >= 40 && tookMs < 10_000, `${tookMs}`);
  assert.deepEqual(root!.events?.map(({ name }) => name), ["ballast.retry"]);
  const inner = of("req-1").filter((span) => span !== root);
  assert.deepEqual(inner.map(({ name }) => name).sort(), ["circuit.maps", "db.insert"]);
  assert.ok(inner.every(({ traceId, parentSpanId }) => traceId === root!.traceId && parentSpanId === root!.spanId));
  assert.equal(
    valueOf(inner.find(({ name }) => name === "db.insert")!, "db.query.summary"),
    "insert public.orders (id)",
  );

  const second = of("req-2");
  const own = second.find(({ name }) => !["circuit.maps", "db.insert"].includes(name));
  assert.equal(
    second.filter(({ parentSpanId }) => parentSpanId === own!.spanId).length,
    2,
    "under the runtime's own span",
  );
  assert.equal(second.length, 3);
});

const ways: readonly (readonly [string, ((options: SentryClientOptions) => SentryClient) | undefined])[] = [
  ["by the real package", undefined],
  ["where there is no package", plainSentry],
];

for (const [way, open] of ways) {
  Deno.test(
    `what somebody should look at reaches Sentry ${way}, scrubbed, behind the answer`,
    async () => {
      await using ingest = startIngest();
      const hub = new KernelHub();
      const behind: Promise<unknown>[] = [];
      const waitUntil = (work: Promise<unknown>) => void behind.push(work);
      const dsn = `http://publickey@127.0.0.1:${ingest.port}/42`;
      const options = { dsn, environment: "test", release: "1.2.3", serverName: "i1" };
      const settings: Record<string, string> = {
        SENTRY_DSN: dsn,
        SENTRY_ENVIRONMENT: "test",
        SENTRY_RELEASE: "1.2.3",
      };
      if (open === undefined) {
        watchExports({ platform: { env: (name) => settings[name], waitUntil }, hub, isolate: () => "i1" });
      } else hub.watch(new SentryObserver({ waitUntil, client: () => Promise.resolve(open(options)) }));
      causedBy({ requestId: "req-1", functionName: "orders" }, () => {
        const error = new TypeError("Cannot mail ada@example.com");
        hub.happened({ kind: "failure", subject: "orders", cause: "error:internal", error });
        const detail = { scope: "fleet" };
        hub.happened({ kind: "trip", subject: "maps", ref: "circuit:maps:1", cause: "error:http_503", detail });
        hub.happened({ kind: "shed", subject: "maps" });
      });
      await Promise.all(behind);
      assert.deepEqual(ingest.received.map(({ path }) => path.split("?")[0]), [
        "/api/42/envelope/",
        "/api/42/envelope/",
      ]);
      const events = ingest.received.map(({ path, text, headers }) => {
        assert.ok(`${path} ${headers.get("x-sentry-auth")}`.includes("sentry_key=publickey"));
        const [envelope, item, event] = text.split("\n").map((line) => JSON.parse(line));
        assert.deepEqual([envelope.event_id, item.type], [event.event_id, "event"]);
        return event;
      });
      const [failure, trip] = events.sort((a, b) => a.level < b.level ? -1 : 1);
      const { level, environment, release, server_name: serverName } = failure;
      assert.deepEqual([level, environment, release, serverName], ["error", "test", "1.2.3", "i1"]);
      const [exception] = failure.exception.values;
      assert.equal(exception.type, "TypeError");
      assert.ok(exception.stacktrace.frames.at(-1).filename.endsWith("telemetryExport.test.ts"));
      assert.equal(failure.tags.request_id, "req-1");
      assert.deepEqual([trip.level, trip.message, trip.extra.scope], [
        "warning",
        "trip of maps: error:http_503",
        "fleet",
      ]);
      assert.equal(failure.sdk?.name, open === undefined ? "sentry.javascript.deno" : undefined);
      const sent = ingest.received.map(({ text }) => text).join();
      for (const word of ["ada@example.com", Deno.hostname()]) assert.ok(!sent.includes(word), word);
    },
  );
}

Deno.test("a Sentry that is out, slow or set up wrongly costs nobody anything", async () => {
  await using ingest = startIngest(() => new Response(null, { status: 429, headers: { "retry-after": "60" } }));
  for (const dsn of [`http://publickey@127.0.0.1:${ingest.port}/42`, "http://publickey@127.0.0.1:1/42", "nonsense"]) {
    const hub = new KernelHub();
    const behind: Promise<unknown>[] = [];
    watchExports({
      platform: { env: (name) => name === "SENTRY_DSN" ? dsn : undefined, waitUntil: (work) => void behind.push(work) },
      hub,
      isolate: () => "i1",
    });
    hub.happened({ kind: "trip", subject: "maps" });
    hub.happened({ kind: "trip", subject: "mail" });
    await Promise.all(behind);
  }
  assert.ok(ingest.received.length <= 2);

  const client = plainSentry({ dsn: `http://publickey@127.0.0.1:${ingest.port}/43`, serverName: "i1" });
  const before = ingest.received.length;
  for (let time = 0; time < 3; time++) {
    client.capture({ level: "error", message: "m", tags: {}, extra: {}, fingerprint: [] });
    await client.flush(5_000);
  }
  assert.equal(ingest.received.length - before, 1, "it keeps away for as long as it was asked to");
  assert.throws(() => plainSentry({ dsn: "nonsense", serverName: "i1" }), TypeError);
});

Deno.test("on the hosted runtime's version of Deno both packages load, and reports leave", async () => {
  await using ingest = startIngest();
  const script = new URL("telemetryExportScript.ts", import.meta.url);
  const importMap = join(projectFolder, "import_map.json");
  const { success, stderr } = await new Deno.Command(await ensureBinary("deno-edge"), {
    args: [
      "run",
      "-A",
      "--no-lock",
      "--no-config",
      "--node-modules-dir=none",
      `--import-map=${importMap}`,
      script.href,
    ],
    env: {
      ...edgeDenoEnv(),
      OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${ingest.port}`,
      SENTRY_DSN: `http://publickey@127.0.0.1:${ingest.port}/42`,
    },
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
  assert.deepEqual(ingest.received.map(({ path }) => path.split("?")[0]), ["/api/42/envelope/"]);
  assert.ok(ingest.received[0]!.text.includes("sentry.javascript.deno"));
});

Deno.test("without its settings nobody looks on, and nothing is loaded", () => {
  const hub = new KernelHub();
  watchExports({
    platform: { env: () => undefined, waitUntil: () => assert.fail("must not load") },
    hub,
    isolate: () => "i1",
  });
  assert.equal(hub.isWatched, false);
});

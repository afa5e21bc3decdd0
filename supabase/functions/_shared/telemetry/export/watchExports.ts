import type { Platform } from "../../platform/platform.ts";
import type { KernelHub } from "../kernelHub.ts";
import { importOptional } from "./optionalPackages.ts";
import { SentryObserver } from "./sentryObserver.ts";

/** What exporters are made of. */
export interface ExportParts {
  readonly platform: Pick<Platform, "env" | "waitUntil">;
  readonly hub: KernelHub;
  /** This isolate's name among the fleet. */
  readonly isolate: () => string;
}

/**
 * Has what the kernel tells leave the isolate, where the environment says where to: OpenTelemetry by
 * `OTEL_EXPORTER_OTLP_ENDPOINT` or `OTEL_DENO`, Sentry by `SENTRY_DSN`. Of what is not set nothing is loaded.
 */
export function watchExports({ platform, hub, isolate }: ExportParts): void {
  if (platform.env("OTEL_EXPORTER_OTLP_ENDPOINT") !== undefined || platform.env("OTEL_DENO") === "true") {
    platform.waitUntil(watchSpans(hub));
  }
  const dsn = platform.env("SENTRY_DSN");
  if (dsn === undefined) return;
  hub.watch(
    new SentryObserver({
      waitUntil: (work) => platform.waitUntil(work),
      async client() {
        const { openSentryClient } = await import("./openSentryClient.ts");
        const [environment, release] = [platform.env("SENTRY_ENVIRONMENT"), platform.env("SENTRY_RELEASE")];
        return await openSentryClient({
          dsn,
          serverName: isolate(),
          ...environment === undefined ? {} : { environment },
          ...release === undefined ? {} : { release },
        });
      },
    }),
  );
}

/** Whoever has set up a provider of spans has the package, too. */
async function watchSpans(hub: KernelHub): Promise<void> {
  const [api, { OpenTelemetryObserver }] = await Promise.all([
    importOptional("@opentelemetry/api"),
    import("./openTelemetryObserver.ts"),
  ]);
  hub.watch(new OpenTelemetryObserver(api));
}

import type { Platform } from "../../platform/platform.ts";
import type { KernelHub } from "../kernelHub.ts";
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
    platform.waitUntil(
      import("./openTelemetryObserver.ts").then(({ OpenTelemetryObserver }) => {
        hub.watch(new OpenTelemetryObserver());
      }),
    );
  }
  const dsn = platform.env("SENTRY_DSN");
  if (dsn === undefined) return;
  hub.watch(
    new SentryObserver({
      waitUntil: (work) => platform.waitUntil(work),
      async client() {
        const { openSentryClient } = await import("./sentryClient.ts");
        const [environment, release] = [platform.env("SENTRY_ENVIRONMENT"), platform.env("SENTRY_RELEASE")];
        return openSentryClient({
          dsn,
          serverName: isolate(),
          ...environment === undefined ? {} : { environment },
          ...release === undefined ? {} : { release },
        });
      },
    }),
  );
}

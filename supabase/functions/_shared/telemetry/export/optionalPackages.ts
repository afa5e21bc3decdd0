import type { OpenTelemetryApi } from "./openTelemetryApi.ts";
import type { SentryPackage } from "./sentryPackage.ts";

/** Packages that a function does without where they are not there, as the import map names them. */
export interface OptionalPackages {
  readonly "@opentelemetry/api": OpenTelemetryApi;
  readonly "@sentry/deno": SentryPackage;
}

/**
 * Loads a package that no deploy carries: its name is not in the import, so no bundler follows it. Rejects where the
 * runtime does not have it.
 */
export async function importOptional<Name extends keyof OptionalPackages>(name: Name): Promise<OptionalPackages[Name]> {
  return await import(name) as OptionalPackages[Name];
}

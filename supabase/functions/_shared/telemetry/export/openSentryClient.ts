import { importOptional } from "./optionalPackages.ts";
import { packagedSentry } from "./packagedSentry.ts";
import { plainSentry } from "./plainSentry.ts";
import type { SentryClient, SentryClientOptions } from "./sentryClient.ts";

/** A client by Sentry's own package where the runtime has it; else one of ours, which speaks the same protocol. */
export async function openSentryClient(options: SentryClientOptions): Promise<SentryClient> {
  const sentry = await importOptional("@sentry/deno").catch(() => undefined);
  return sentry === undefined ? plainSentry(options) : packagedSentry(sentry, options);
}

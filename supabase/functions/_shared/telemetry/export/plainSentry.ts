import { type Clock, systemClock } from "../../time/clock.ts";
import type { SentryClient, SentryClientOptions, SentryEvent } from "./sentryClient.ts";

/** Where a DSN says that events go, and as whose. */
export interface SentryTarget {
  readonly url: string;
  readonly key: string;
}

const shortestPauseMs = 60_000;

/** Reads `https://<key>@<host>/<project>`; undefined where it is none. */
export function readDsn(dsn: string): SentryTarget | undefined {
  if (!URL.canParse(dsn)) return undefined;
  const { protocol, username, host, pathname } = new URL(dsn);
  const [, folder, project] = /^(\/(?:.*\/)?)(\w+)$/.exec(pathname) ?? [];
  if (!/^https?:$/.test(protocol) || username === "" || project === undefined) return undefined;
  return { url: `${protocol}//${host}${folder}api/${project}/envelope/`, key: username };
}

/**
 * A client that posts envelopes by itself, for runtimes that carry no package they were not deployed with. It keeps away
 * for as long as Sentry asks it to.
 */
export function plainSentry(options: SentryClientOptions, clock: Clock = systemClock): SentryClient {
  const target = readDsn(options.dsn);
  if (target === undefined) throw new TypeError("Cannot report to Sentry as 'SENTRY_DSN' is no DSN");
  const { environment, release, serverName } = options;
  const { url, key } = target;
  const underWay = new Set<Promise<void>>();
  let quietUntil = -Infinity;

  async function send(event: SentryEvent): Promise<void> {
    const id = crypto.randomUUID().replaceAll("-", "");
    const whole = {
      ...event,
      event_id: id,
      timestamp: clock.now() / 1_000,
      platform: "javascript",
      server_name: serverName,
      environment,
      release,
    };
    const lines = [{ event_id: id, sent_at: new Date(clock.now()).toISOString() }, { type: "event" }, whole];
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-sentry-envelope",
        "x-sentry-auth": `Sentry sentry_version=7, sentry_client=ballast/1, sentry_key=${key}`,
      },
      body: lines.map((line) => JSON.stringify(line)).join("\n"),
    });
    await response.body?.cancel();
    if (response.status !== 429) return;
    const seconds = Number(response.headers.get("retry-after"));
    quietUntil = clock.monotonic() + (seconds > 0 ? seconds * 1_000 : shortestPauseMs);
  }

  return {
    capture(event) {
      if (clock.monotonic() < quietUntil) return;
      const sending = send(event).catch(() => {}).finally(() => underWay.delete(sending));
      underWay.add(sending);
    },
    async flush(timeoutMs) {
      let cancel = () => {};
      const timeUp = new Promise<void>((resolve) => cancel = clock.setTimer(resolve, timeoutMs));
      await Promise.race([Promise.all(underWay), timeUp]);
      cancel();
    },
  };
}

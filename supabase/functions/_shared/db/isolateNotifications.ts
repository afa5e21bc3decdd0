import { errorText } from "../errors/errorText.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import type { Logger } from "../telemetry/logger.ts";
import { systemClock } from "../time/clock.ts";
import { readConnectionSettings } from "./connectionSettings.ts";
import { Notifications, openListener } from "./notifications.ts";

const channels = new Map<string, Notifications>();

/** This isolate's ear on a channel; undefined behind a pooler, which passes no notifications on. */
export function isolateNotifications(channel: string, log: Pick<Logger, "warn">): Notifications | undefined {
  const { url, isPooled, applicationName } = readConnectionSettings(denoPlatform);
  if (isPooled) return undefined;
  let known = channels.get(channel);
  if (known === undefined) {
    known = new Notifications({
      channel,
      open: () => openListener(url, applicationName),
      clock: systemClock,
      onError: (error) =>
        log.warn("Cannot hear notifications: streams look by themselves", { error: errorText(error) }),
    });
    channels.set(channel, known);
    const ear = known;
    denoPlatform.onRetire(() => void ear.close().catch(() => {}));
  }
  return known;
}

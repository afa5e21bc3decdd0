import type { Alert } from "../alert.ts";

/** An alert as `resilience.alert_content` writes it; moments come as Postgres writes them in JSON. */
export function alertOfRow(content: Alert): Alert {
  return {
    ...content,
    firstRaisedAt: isoMoment(content.firstRaisedAt),
    lastRaisedAt: isoMoment(content.lastRaisedAt),
    acknowledgedAt: isoMomentOrNull(content.acknowledgedAt),
    resolvedAt: isoMomentOrNull(content.resolvedAt),
  };
}

/** A moment that came within JSON, or as a date, in ISO 8601 with milliseconds. */
export function isoMoment(moment: string | Date): string {
  return new Date(moment).toISOString();
}

/** As {@linkcode isoMoment}, where there may be none. */
export function isoMomentOrNull(moment: string | Date | null): string | null {
  return moment === null ? null : isoMoment(moment);
}

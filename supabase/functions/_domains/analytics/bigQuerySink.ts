import { parseRetryAfter } from "../../_shared/policies/retryAfterOf.ts";
import type { Clock } from "../../_shared/time/clock.ts";
import { BigQueryTokens, type ServiceAccountKey } from "./bigQueryKey.ts";
import { type EventSink, type RefusedEvent, SinkError, type SinkEvent } from "./eventSink.ts";

/** Which table, under which key. */
export interface BigQuerySettings {
  readonly project: string;
  readonly dataset: string;
  readonly table: string;
  readonly key: ServiceAccountKey;
  /** Where BigQuery is. */
  readonly baseUrl: URL;
}

/** A table of BigQuery as a sink, by `tabledata.insertAll`. Rows carry the event's id as `insertId`: sent again, they are one. */
export function bigQuerySink(settings: BigQuerySettings, clock: Pick<Clock, "now">): EventSink {
  const { project, dataset, table, key, baseUrl } = settings;
  const tokens = new BigQueryTokens(key, clock);
  const path = `/bigquery/v2/projects/${project}/datasets/${dataset}/tables/${table}/insertAll`;
  const url = new URL(path, baseUrl);
  const post = async (body: string, signal: AbortSignal) => {
    const authorization = `Bearer ${await tokens.get(signal)}`;
    return await fetch(url, {
      method: "POST",
      body,
      redirect: "manual",
      headers: { authorization, "content-type": "application/json" },
      signal,
    }).catch(() => {
      throw new SinkError(signal.aborted ? "timeout" : "unreachable");
    });
  };
  return {
    target: `bigquery:${project}.${dataset}.${table}`,
    async send(events, { signal }) {
      const body = requestBody(events);
      let response = await post(body, signal);
      if (response.status === 401) {
        // Revoked, or a clock that is wrong: a new one settles it.
        await response.body?.cancel().catch(() => {});
        tokens.forget();
        response = await post(body, signal);
      }
      const answer: unknown = await response.json().catch(() => undefined);
      if (response.status !== 200) throw failureOf(response, answer, clock);
      if (answer === undefined) throw new SinkError("unreadable", { status: 502 });
      return refusedOf(events, answer);
    },
  };
}

function requestBody(events: readonly SinkEvent[]): string {
  return JSON.stringify({
    // One row that does not fit must not keep the others out.
    skipInvalidRows: true,
    rows: events.map((event) => ({ insertId: event.event_id, json: event })),
  });
}

/** BigQuery says that it is busy with a 403 as well, and why in a word. */
function failureOf(response: Response, answer: unknown, clock: Pick<Clock, "now">): SinkError {
  const [first] = listOf(Object(Object(answer).error).errors);
  const reason = wordOf(Object(first).reason);
  const retryAfterMs = parseRetryAfter(response.headers.get("retry-after"), clock.now());
  if (response.status === 403 && (reason === "rateLimitExceeded" || reason === "quotaExceeded")) {
    return new SinkError(reason, { status: 429, retryAfterMs });
  }
  const status = response.status === 0 || response.status < 400 ? 502 : response.status;
  return new SinkError(reason ?? `http_${response.status}`, { status, retryAfterMs });
}

function refusedOf(events: readonly SinkEvent[], answer: unknown): RefusedEvent[] {
  return listOf(Object(answer).insertErrors).flatMap((one) => {
    const { index, errors } = Object(one) as { index?: unknown; errors?: unknown };
    const event = typeof index === "number" ? events[index] : undefined;
    if (event === undefined) throw new SinkError("unreadable", { status: 502 });
    const [first] = listOf(errors);
    const { reason, location } = Object(first) as { reason?: unknown; location?: unknown };
    // The message quotes values, the location is a column.
    return [{ event, reason: [wordOf(reason) ?? "unknown", wordOf(location)].filter(Boolean).join(" ") }];
  });
}

const listOf = (value: unknown): readonly unknown[] => Array.isArray(value) ? value : [];
const wordOf = (value: unknown) => typeof value === "string" && /^[\w.[\]]{1,80}$/.test(value) ? value : undefined;

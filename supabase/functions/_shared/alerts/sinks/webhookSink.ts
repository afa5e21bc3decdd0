import { type Clock, systemClock } from "../../time/clock.ts";
import type { AlertSink } from "../alertSink.ts";
import { postNotice } from "./postNotice.ts";
import { type SigningSecret, standardWebhookHeaders } from "./standardWebhook.ts";

/**
 * Tells a webhook, signed as Standard Webhooks has it: `{ type: "alert.raised", timestamp, data }`, where `data` is the alert
 * as it was. A delivery that is repeated has the same `webhook-id` and the same body.
 */
export function webhookSink({ name = "webhook", url, secrets, clock = systemClock }: {
  /** @default "webhook" */
  readonly name?: string;
  readonly url: URL;
  readonly secrets: readonly SigningSecret[];
  /** @default systemClock */
  readonly clock?: Clock;
}): AlertSink {
  return {
    name,
    async deliver({ id, kind, at, alert }, { signal }) {
      const body = JSON.stringify({ type: `alert.${kind}`, timestamp: at, data: alert });
      const headers = await standardWebhookHeaders(secrets, { id: `msg_${id}`, atMs: clock.now(), body });
      await postNotice({ url, body, headers, signal, clock });
    },
  };
}

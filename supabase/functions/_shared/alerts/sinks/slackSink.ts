import { type Clock, systemClock } from "../../time/clock.ts";
import type { AlertSink } from "../alertSink.ts";
import { postNotice } from "./postNotice.ts";
import { slackMessage } from "./slackMessage.ts";

/** Tells a channel through an incoming webhook of Slack's shape. It knows no repetitions: a delivery that is repeated shows twice. */
export function slackSink({ name = "slack", url, clock = systemClock }: {
  /** @default "slack" */
  readonly name?: string;
  readonly url: URL;
  /** @default systemClock */
  readonly clock?: Clock;
}): AlertSink {
  return {
    name,
    async deliver(notice, { signal }) {
      await postNotice({ url, body: JSON.stringify(slackMessage(notice)), signal, clock });
    },
  };
}

import { contribute } from "./answerHeaders.ts";
import { defineMiddleware } from "./middleware.ts";
import { type Clock, systemClock } from "../time/clock.ts";

/** Collects what a request spent its time on, for the `Server-Timing` header. */
export class ServerTiming {
  readonly #clock: Clock;
  readonly #startedAt: number;
  #entries = "";

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.monotonic();
  }

  /** Now, in the terms of {@link record}. */
  now(): number {
    return this.#clock.monotonic();
  }

  /** Records that `name` began at `startedAt` and has just ended. Names are tokens: letters, digits, hyphens. */
  record(name: string, startedAt: number): void {
    this.#entries += `${name};dur=${hundredths(this.#clock.monotonic() - startedAt)}, `;
  }

  /** The header's value. */
  header(): string {
    return `${this.#entries}total;dur=${hundredths(this.#clock.monotonic() - this.#startedAt)}`;
  }
}

/** A duration with two places: `toFixed` does the same at five times the cost, twice a request. */
function hundredths(ms: number): string {
  const all = Math.round(ms * 100);
  const places = all % 100;
  return `${(all - places) / 100}.${places < 10 ? "0" : ""}${places}`;
}

/** Options of {@link withServerTiming}. */
export interface WithServerTimingConfig {
  /** @default systemClock */
  readonly clock?: Clock;
}

/** Tells the caller in `Server-Timing` how long the answer took; inner layers add their parts to `ctx.timing`. */
export const withServerTiming = defineMiddleware<
  "timing",
  WithServerTimingConfig | undefined,
  Record<never, never>,
  ServerTiming
>({
  key: "timing",
  run: ({ clock = systemClock } = {}) => (_req, ctx) => {
    const timing = new ServerTiming(clock);
    return contribute(ctx, { timing }, () => ({ "server-timing": timing.header() }));
  },
});

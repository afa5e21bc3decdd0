import { AppError } from "../errors/appError.ts";
import { denoPlatform } from "../platform/denoPlatform.ts";
import type { Platform } from "../platform/platform.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { CoarseCpuTime } from "./coarseCpuTime.ts";
import { type Entry, extendContext, isContext, seedContext } from "./middleware.ts";
import { longestDeadlineMs, RequestDeadline } from "./requestDeadline.ts";
import { SharedTimer } from "../time/sharedTimer.ts";

/** Options of {@link withDeadline}. */
export interface WithDeadlineConfig {
  /** How long the answer may take; at most 140 s. @default 25_000 */
  readonly deadlineMs?: number;
  /** @default systemClock */
  readonly clock?: Clock;
  /** @default denoPlatform */
  readonly platform?: Pick<Platform, "cpuTimeMs" | "waitUntil">;
}

/**
 * Gives the rest of the pipeline a deadline at `ctx.deadline` and answers `deadline_exceeded` when it passes, whether the
 * rest heeds the signal or not. What still runs then may finish under `waitUntil`; nobody gets its answer.
 *
 * Written as a bare entry: a middleware of `defineMiddleware` is resumed only by the answer of the layers inside it, and
 * so cannot answer before they do.
 */
export function withDeadline(config: WithDeadlineConfig = {}): Entry<{ deadline: RequestDeadline }> {
  const { clock = systemClock, platform = denoPlatform } = config;
  const deadlineMs = Math.min(config.deadlineMs ?? 25_000, longestDeadlineMs);
  const [timer, cpuTime] = [new SharedTimer(clock, deadlineMs), new CoarseCpuTime(platform)];
  return (handler) => (request, argument) => {
    const upstream = isContext(argument) ? argument : seedContext();
    const deadline = new RequestDeadline({ deadlineMs, clock, platform, timer, cpuTime, request });
    const work = handler(request, extendContext(upstream, "deadline", deadline));
    return new Promise((resolve, reject) => {
      deadline.onExpiry(() => {
        reject(
          new AppError("deadline_exceeded", `Cannot answer as the work took longer than ${deadlineMs} ms`, {
            details: { deadlineMs },
          }),
        );
        platform.waitUntil(work.then(discard, () => undefined));
      });
      work.then((response) => {
        if (!deadline.isExtended) deadline.end();
        resolve(response);
      }, (error) => {
        deadline.end();
        reject(error);
      });
    });
  };
}

async function discard(response: Response): Promise<void> {
  await response.body?.cancel();
}

import type { Clock } from "../../time/clock.ts";
import { AiProviderError } from "../provider/aiProviderError.ts";
import type { AiRequest } from "./aiClient.ts";

/** What ends a request. */
export interface Limits {
  readonly signal: AbortSignal;
  readonly deadline: { remainingMs(): number };
  end(): void;
}

/** The time a request has. Its end is a failure of the provider: it has not answered. */
export function limit({ deadlineMs = 30_000, signal: outer }: AiRequest, clock: Clock): Limits {
  const controller = new AbortController();
  const endsAt = clock.monotonic() + deadlineMs;
  const leave = () => controller.abort(outer?.reason);
  const cancel = clock.setTimer(
    () => controller.abort(new AiProviderError("timed_out", `Provider has not answered within ${deadlineMs} ms`)),
    deadlineMs,
  );
  if (outer?.aborted) leave();
  outer?.addEventListener("abort", leave, { once: true });
  return {
    signal: controller.signal,
    deadline: { remainingMs: () => Math.max(0, endsAt - clock.monotonic()) },
    end() {
      cancel();
      outer?.removeEventListener("abort", leave);
    },
  };
}

import { type Clock, systemClock } from "../../time/clock.ts";
import { currentCause } from "../causeScope.ts";
import type { KernelEvent } from "../kernelEvent.ts";
import type { KernelObserver } from "../kernelObserver.ts";
import { redactText } from "../redact.ts";
import { sentryFrames } from "./sentryFrames.ts";
import type { SentryClient, SentryEvent } from "./sentryClient.ts";

/** Options of {@link SentryObserver}. */
export interface SentryObserverOptions {
  /** Loaded with the first event, and not before. */
  readonly client: () => Promise<SentryClient>;
  /** Keeps the isolate alive until an event is sent. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** The same thing is reported once in so long. @default 60_000 */
  readonly quietMs?: number;
  /** Events reported in that time, at most. @default 30 */
  readonly mostEvents?: number;
  /** @default systemClock */
  readonly clock?: Clock;
}

const flushMs = 2_000;

/**
 * Reports to Sentry what somebody should look at: requests that failed for no known reason, jobs that failed, circuits that
 * opened and writes that were given up. Behind the answer, scrubbed, and each thing once a minute at most.
 */
export class SentryObserver implements KernelObserver {
  readonly #options: SentryObserverOptions;
  readonly #clock: Clock;
  readonly #reported = new Map<string, number>();
  #client: Promise<SentryClient> | undefined;

  constructor(options: SentryObserverOptions) {
    this.#options = options;
    this.#clock = options.clock ?? systemClock;
  }

  called(): void {}

  counted(): void {}

  happened(event: KernelEvent): void {
    if (!isWorthALook(event)) return;
    const { kind, subject, cause = "" } = event;
    if (!this.#mayReport(`${kind} ${subject} ${cause}`)) return;
    const report = toReport(event, currentCause());
    this.#options.waitUntil(this.#send(report));
  }

  async #send(report: SentryEvent): Promise<void> {
    this.#client ??= this.#options.client();
    try {
      const client = await this.#client;
      client.capture(report);
      await client.flush(flushMs);
    } catch {
      this.#client = undefined; // Whoever looks on cannot break what is looked at; the next event tries again.
    }
  }

  /** A dependency that is down must not make a flood of reports, nor the memory of them one. */
  #mayReport(what: string): boolean {
    const { quietMs = 60_000, mostEvents = 30 } = this.#options;
    const now = this.#clock.monotonic();
    for (const [key, untilMs] of this.#reported) if (untilMs <= now) this.#reported.delete(key);
    if (this.#reported.has(what) || this.#reported.size >= mostEvents) return false;
    this.#reported.set(what, now + quietMs);
    return true;
  }
}

/** Errors that we have a name for are answers; `internal` is what nobody has foreseen. */
function isWorthALook({ kind, subject, cause }: KernelEvent): boolean {
  if (kind === "trip" || kind === "dead_letter") return true;
  return kind === "failure" && (cause === "error:internal" || subject.startsWith("job."));
}

function toReport(
  { kind, subject, ref, cause, detail, error }: KernelEvent,
  scope: ReturnType<typeof currentCause>,
): SentryEvent {
  const extra = Object.entries(detail ?? {}).map(([name, value]) => [
    name,
    typeof value === "string" ? redactText(value) : value,
  ]);
  return {
    level: kind === "trip" ? "warning" : "error",
    ...error instanceof Error
      ? { exception: { values: [exceptionOf(error)] } }
      : { message: redactText(`${kind} of ${subject}${cause === undefined ? "" : `: ${cause}`}`) },
    tags: {
      kind,
      subject: redactText(subject).slice(0, 200),
      ...cause === undefined ? {} : { cause },
      ...ref === undefined ? {} : { ref },
      ...scope === undefined ? {} : { function: scope.functionName, request_id: scope.requestId },
    },
    extra: Object.fromEntries(extra),
    fingerprint: [kind, subject, cause ?? ""],
  };
}

function exceptionOf(error: Error) {
  const frames = sentryFrames(error);
  return {
    type: error.name,
    value: redactText(error.message).slice(0, 1_000),
    ...frames.length === 0 ? {} : { stacktrace: { frames } },
  };
}

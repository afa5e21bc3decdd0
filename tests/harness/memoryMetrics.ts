import type {
  MeasuredWindow,
  MetricSeries,
  MetricsReader,
  MetricWindow,
} from "../../supabase/functions/_shared/monitor/metricsReader.ts";

/** What one isolate measured in a stretch of time. */
export interface Frame {
  readonly atMs: number;
  readonly isolate: string;
  /** The trials in force on it. */
  readonly trials: ReadonlySet<string>;
  /** Durations by operation; below zero: a failure that took so long. */
  readonly calls: ReadonlyMap<string, readonly number[]>;
  readonly counters: ReadonlyMap<string, number>;
}

/** Measurements of a fleet that runs in one process. */
export class MemoryMetrics implements MetricsReader {
  #frames: Frame[] = [];

  add(frame: Frame): void {
    this.#frames.push(frame);
  }

  /** Forgets what is older: a fleet that runs for weeks would not fit. */
  forgetBefore(ms: number): void {
    this.#frames = this.#frames.filter(({ atMs }) => atMs >= ms);
  }

  read({ fromMs, toMs, trial }: MetricWindow, prefix = ""): Promise<MeasuredWindow> {
    const durations = new Map<string, number[]>();
    const counters = new Map<string, number>();
    for (const frame of this.#frames) {
      if (frame.atMs < fromMs || frame.atMs >= toMs) continue;
      if (trial !== undefined && frame.trials.has(trial.id) !== trial.isTreated) continue;
      for (const [operation, list] of frame.calls) {
        if (!operation.startsWith(prefix)) continue;
        const all = durations.get(operation) ?? [];
        for (const duration of list) all.push(duration);
        durations.set(operation, all);
      }
      for (const [name, count] of frame.counters) {
        if (name.startsWith(prefix)) counters.set(name, (counters.get(name) ?? 0) + count);
      }
    }
    return Promise.resolve({ series: [...durations].map(seriesOf), counters });
  }
}

function seriesOf([operation, told]: [string, number[]]): MetricSeries {
  let sumMs = 0;
  let sumSquares = 0;
  let failures = 0;
  for (const duration of told) {
    if (duration < 0) failures++;
    sumMs += Math.abs(duration);
    sumSquares += duration ** 2;
  }
  let sorted: number[] | undefined;
  const order = () => sorted ??= told.map(Math.abs).sort((one, other) => one - other);
  return {
    functionName: "",
    operation,
    count: told.length,
    failures,
    sumMs,
    sumSquares,
    get minMs() {
      return order()[0] ?? 0;
    },
    get maxMs() {
      return order().at(-1) ?? 0;
    },
    quantileMs: (share) => order()[Math.min(told.length - 1, Math.floor(share * told.length))] ?? 0,
  };
}

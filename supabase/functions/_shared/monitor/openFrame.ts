import { EventBuffer } from "./eventBuffer.ts";
import { Measurements } from "./measurements.ts";
import type { OperationSeries } from "./operationSeries.ts";
import { plainText } from "./plainText.ts";
import { SlowestCalls } from "./slowestCalls.ts";
import type { FrameSeries, TelemetryFrame } from "./telemetryFrame.ts";

/** The frame that an isolate is writing on: what it measures within one minute and under one set of trials. */
export class OpenFrame {
  readonly measurements: Measurements = new Measurements();
  readonly events: EventBuffer = new EventBuffer();
  readonly slow: SlowestCalls = new SlowestCalls();

  constructor(readonly startsAt: number, readonly trials: readonly string[]) {}

  get isEmpty(): boolean {
    return this.measurements.isEmpty && this.events.isEmpty && this.slow.isEmpty;
  }

  /** The frame as it is sent, now and whenever it is sent again. */
  close(sequence: number): TelemetryFrame {
    const counters: Record<string, number> = {};
    for (const [name, total] of this.measurements.counters) {
      const plain = plainText(name, 200) || "unnamed";
      counters[plain] = (counters[plain] ?? 0) + total;
    }
    return {
      sequence,
      startsAt: this.startsAt,
      trials: [...new Set(this.trials)].slice(0, 16).map((trial) => plainText(trial, 100)),
      series: Array.from(this.measurements.series(), frameSeries),
      counters,
      events: this.events.events(),
      slow: this.slow.calls(),
    };
  }
}

function frameSeries(series: OperationSeries): FrameSeries {
  return {
    fn: plainText(series.functionName, 100),
    op: plainText(series.operation, 200) || "unnamed",
    n: series.count,
    failed: series.failures,
    sum: series.sumMs,
    squares: series.sumSquares,
    min: series.minMs,
    max: series.maxMs,
    ...series.sketch.bins(),
  };
}

import type { BinnedSeries } from "./binnedSeries.ts";
import type { FleetFacts } from "./fleetFacts.ts";
import type { BinnedWindow } from "./postgresMetricsReader.ts";

/** The media type of the text exposition format. */
export const prometheusType = "text/plain; version=0.0.4; charset=utf-8";

/** What a scrape shows. */
export interface PrometheusPage {
  /** Since the beginning of the day: counters. */
  readonly day: BinnedWindow;
  readonly facts: FleetFacts;
  /** The last minutes: quantiles. */
  readonly recent: BinnedWindow;
}

const quantiles = [0.5, 0.95, 0.99];

/**
 * Measurements in Prometheus' text format. Durations are summaries: their quantiles are ours, within 1 % over the whole
 * fleet, and need not be guessed from buckets. Sums and counts begin anew each day, as those of a process that restarts.
 */
export function prometheusText({ day, facts, recent }: PrometheusPage): string {
  const recently = new Map(recent.series.map((one) => [keyOf(one), one]));
  return [
    ...family("ballast_operation_duration_seconds", "summary", "How long operations took, by function.", durations),
    ...family("ballast_operation_failures_total", "counter", "Operations that failed, by function.", failures),
    ...family("ballast_events_total", "counter", "What the kernel counted.", counters),
    ...family("ballast_circuit_trips_total", "counter", "Circuits that opened for the fleet.", () => [
      ["", {}, facts.circuitTrips],
    ]),
    ...family(
      "ballast_schema_changes_total",
      "counter",
      "Changes of the schema.",
      () => [["", {}, facts.schemaChanges]],
    ),
  ].join("\n") + "\n";

  function* durations(): Iterable<Sample> {
    for (const series of day.series) {
      const labels = labelsOf(series);
      const latest = recently.get(keyOf(series));
      for (const share of quantiles) {
        // NaN is the format's own word for a summary that saw nothing lately.
        const seconds = latest === undefined ? NaN : latest.quantileMs(share) / 1_000;
        yield ["", { ...labels, quantile: String(share) }, seconds];
      }
      yield ["_sum", labels, series.sumMs / 1_000];
      yield ["_count", labels, series.count];
    }
  }

  function* failures(): Iterable<Sample> {
    for (const series of day.series) yield ["", labelsOf(series), series.failures];
  }

  function* counters(): Iterable<Sample> {
    for (const [counter, total] of day.counters) yield ["", { counter }, total];
  }
}

/** A suffix of the family's name, labels, and the value. */
type Sample = readonly [string, Readonly<Record<string, string>>, number];

function family(name: string, type: string, help: string, samples: () => Iterable<Sample>): string[] {
  const lines = Array.from(samples(), ([suffix, labels, value]) => {
    const shown = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`).join(",");
    return `${name}${suffix}${shown === "" ? "" : `{${shown}}`} ${value}`;
  });
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function labelsOf({ functionName, operation }: BinnedSeries): Record<string, string> {
  return { function: functionName, operation };
}

function keyOf({ functionName, operation }: BinnedSeries): string {
  return JSON.stringify([functionName, operation]);
}

function escaped(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

import type { RequestContext } from "../../../_shared/http/context.ts";
import { postgresFleetFacts, type ReadFleetFacts } from "../../../_shared/monitor/fleetFacts.ts";
import { type MetricsReading, postgresMetricsReading } from "../../../_shared/monitor/metricsReading.ts";
import { type BinnedReader, postgresMetricsReader } from "../../../_shared/monitor/postgresMetricsReader.ts";
import { postgresSlowOperations, type ReadSlowOperations } from "../../../_shared/monitor/slowOperations.ts";

/** What the use case of ops-metrics needs. */
export interface MetricPorts {
  readonly reading: MetricsReading;
  readonly reader: BinnedReader;
  readonly facts: ReadFleetFacts;
  readonly slow: ReadSlowOperations;
}

/** Opens them for a request. */
export type OpenMetricPorts = (ctx: Pick<RequestContext, "admin" | "clock">) => MetricPorts;

/** The ports of ops-metrics. */
export const openMetricPorts: OpenMetricPorts = ({ admin, clock }) => ({
  reading: postgresMetricsReading(admin.sql, clock),
  reader: postgresMetricsReader(admin.sql),
  facts: postgresFleetFacts(admin.sql),
  slow: postgresSlowOperations(admin.sql),
});

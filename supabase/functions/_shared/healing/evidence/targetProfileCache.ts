import { BoundedMap } from "../../cache/boundedMap.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { TableSnapshot } from "../../schema/snapshot.ts";
import { type Clock, systemClock } from "../../time/clock.ts";
import { timeLimit, TimeLimitError } from "../../time/timeLimit.ts";
import type { ColumnStatistics } from "../matcher/column.ts";
import { profileTargets, type TargetProfiles } from "../matcher/columnProfile.ts";
import type { ColumnStatisticsReader } from "./columnStatisticsReader.ts";
import { targetColumnOf } from "./targetColumnOf.ts";

/** How tables are profiled. */
export interface TargetProfileOptions {
  /** @default profiles know names and types alone */
  statistics?: ColumnStatisticsReader;
  /** How long the first question about a table waits for its statistics. @default 15 */
  statisticsDeadlineMs?: number;
  /** @default systemClock */
  clock?: Clock;
  /** Hears of statistics that could not be read. @default nobody */
  onError?: (error: unknown) => void;
}

/** Tables' columns, taken apart once a schema version. */
export interface TargetProfileCache {
  /** A promise only while statistics are waited for. */
  profilesOf(table: TableSnapshot, schema: KnownSchema): TargetProfiles | Promise<TargetProfiles>;
}

interface Entry {
  readonly schemaHash: string;
  profiles?: TargetProfiles;
  statistics?: ReadonlyMap<number, ColumnStatistics>;
  reading?: Promise<void>;
  /** Statistics that were late once are not waited for again: they count from when they are there. */
  isLate?: boolean;
}

const mostTables = 200;

/** Makes an empty cache. */
export function createTargetProfileCache(options: TargetProfileOptions = {}): TargetProfileCache {
  const { statistics: reader, statisticsDeadlineMs = 15, clock = systemClock, onError = () => {} } = options;
  const entries = new BoundedMap<number, Entry>(mostTables);

  function startReading(entry: Entry, reader: ColumnStatisticsReader, tableOid: number): Promise<void> {
    return entry.reading ??= Promise.resolve(tableOid).then(reader.read)
      .then((statistics) => {
        entry.statistics = statistics;
        if (statistics.size > 0) delete entry.profiles;
      })
      .catch((error) => {
        delete entry.reading; // The next question may have more luck.
        onError(error);
      });
  }

  function profile(entry: Entry, { columns }: TableSnapshot, { snapshot }: KnownSchema): TargetProfiles {
    return entry.profiles ??= profileTargets(
      columns.map((column) => targetColumnOf(column, snapshot, entry.statistics?.get(column.attnum))),
    );
  }

  return {
    profilesOf(table, schema) {
      let entry = entries.get(table.oid);
      if (entry?.schemaHash !== schema.hash) entries.set(table.oid, entry = { schemaHash: schema.hash });
      const known = entry;
      if (reader === undefined || known.statistics !== undefined) return profile(known, table, schema);
      const reading = startReading(known, reader, table.oid);
      if (known.isLate) return profile(known, table, schema);
      return timeLimit(reading, statisticsDeadlineMs, clock)
        .catch((error) => {
          if (error instanceof TimeLimitError) known.isLate = true;
          else throw error;
        })
        .then(() => profile(known, table, schema));
    },
  };
}

import type { Database, SqlTag } from "../db/database.ts";
import { sqlStateOf } from "../db/sqlState.ts";
import { hubOf } from "../telemetry/kernelHub.ts";
import type { KernelObserver } from "../telemetry/kernelObserver.ts";
import { type Clock, systemClock } from "../time/clock.ts";
import { diffSnapshots } from "./diffSnapshots.ts";
import { hashSnapshot } from "./hashSnapshot.ts";
import { readFingerprint } from "./readFingerprint.ts";
import { readSnapshot } from "./readSnapshot.ts";
import type { SchemaChange } from "./schemaChange.ts";
import type { Listen } from "./schemaSource.ts";
import type { KnownSchema, SchemaVersion } from "./schemaVersion.ts";
import { postgresSchemaVersionStore, type SchemaVersionStore, type SeenSchema } from "./schemaVersionStore.ts";
import { tellSchemaChange } from "./tellSchemaChange.ts";

const internalError = "XX000";
const mostReads = 5;

/** Told after the new version has been recorded, and after {@link SchemaVersionManager.current} gives it. */
export type SchemaChangeListener = (changes: readonly SchemaChange[], schema: KnownSchema) => void | Promise<void>;

/** Knows the schema as it is, notices when it changes, and remembers what it was. */
export interface SchemaVersionManager {
  /** Reads the schema for the first time and starts to watch it. Calling it again changes nothing. */
  initialize(): Promise<KnownSchema>;
  /** The schema as last seen; costs nothing. */
  current(): KnownSchema;
  /** Looks now. Many callers at once share one look, which begins after each of them has asked. */
  check(): Promise<readonly SchemaChange[]>;
  /** The newest versions first. */
  history(limit?: number): Promise<SchemaVersion[]>;
  /** Calls `listener` at each change until the returned function is called. A listener that throws harms nobody else. */
  onSchemaChange(listener: SchemaChangeListener): () => void;
  close(): Promise<void>;
}

/** How a manager watches. */
export interface SchemaVersionManagerOptions {
  /** The schemas to watch. @default ["public"] */
  schemas?: readonly string[];
  /** How often the fingerprint is read, or what is asked for that before each; 0 switches polling off. @default 30_000 */
  pollIntervalMs?: number | (() => number);
  /** Subscribes to the database's own notice of DDL, where a connection can listen. @default polling alone */
  listen?: Listen;
  /** Told of a watcher's or listener's failure. @default nobody */
  onError?: (error: unknown) => void;
  /** Is told of looks and of what they find. @default the isolate's hub */
  observer?: KernelObserver;
  /** @default systemClock */
  clock?: Clock;
  /** @default the tables in schema `resilience` */
  store?: SchemaVersionStore;
}

/** Watches the schema of `database`. */
export function watchSchema(database: Database, options: SchemaVersionManagerOptions = {}): SchemaVersionManager {
  const { schemas = ["public"], pollIntervalMs = 30_000, listen, onError = () => {}, clock = systemClock } = options;
  const store = options.store ?? postgresSchemaVersionStore(database);
  const hub = hubOf(options.observer);
  const listeners = new Set<SchemaChangeListener>();
  let known: KnownSchema | undefined;
  let fingerprint: string | undefined;
  let starting: Promise<KnownSchema> | undefined;
  let looking: Promise<readonly SchemaChange[]> | undefined;
  /** The look that begins when the present one has ended: that one may have seen what was before somebody asked. */
  let nextLook: Promise<readonly SchemaChange[]> | undefined;
  let subscription: Awaited<ReturnType<Listen>> | undefined;
  let cancelPoll: (() => void) | undefined;
  let isClosed = false;

  /** The fingerprint is older than what is read here: a change between the two is seen at the next look, never missed. */
  async function read(seenFingerprint: string): Promise<KnownSchema> {
    const seen = await atRest(() => readSchema(database.sql));
    const schema = await atRest(() => store.record(seen, readSchema));
    fingerprint = seenFingerprint;
    return schema;
  }

  async function readSchema(sql: SqlTag): Promise<SeenSchema> {
    const snapshot = await readSnapshot(sql, schemas);
    return { snapshot, hash: await hashSnapshot(snapshot) };
  }

  /** Where an index or a column goes while it is read, Postgres says no more than that its catalog is not sound. */
  async function atRest<Result>(work: () => Promise<Result>): Promise<Result> {
    for (let tries = 1;; tries++) {
      try {
        return await work();
      } catch (error) {
        if (tries === mostReads || sqlStateOf(error) !== internalError) throw error;
      }
    }
  }

  async function look(): Promise<readonly SchemaChange[]> {
    const seen = await readFingerprint(database.sql, schemas);
    if (known !== undefined && seen === fingerprint) return [];
    const before = known;
    const schema = await read(seen);
    known = schema;
    if (before === undefined || before.hash === schema.hash) return [];
    const changes = changesSince(before, schema);
    tellSchemaChange(hub, { schemas, changes, version: schema.version });
    await tell(changes, schema);
    return changes;
  }

  /** Another isolate may have recorded several versions since ours: what counts is the way from ours to the newest. */
  function changesSince(before: KnownSchema, schema: KnownSchema): readonly SchemaChange[] {
    if (schema.version === before.version + 1) return schema.changes;
    return diffSnapshots(before.snapshot, schema.snapshot);
  }

  async function tell(changes: readonly SchemaChange[], schema: KnownSchema): Promise<void> {
    for (const listener of listeners) {
      try {
        await listener(changes, schema);
      } catch (error) {
        onError(error);
      }
    }
  }

  async function toldLook(): Promise<readonly SchemaChange[]> {
    const startedAt = clock.monotonic();
    let hasFailed = true;
    try {
      const changes = await look();
      hasFailed = false;
      return changes;
    } finally {
      hub.called("schema.check", clock.monotonic() - startedAt, hasFailed);
    }
  }

  function check(): Promise<readonly SchemaChange[]> {
    if (looking === undefined) return looking = toldLook().finally(() => looking = undefined);
    return nextLook ??= looking.catch(() => {}).then(() => {
      nextLook = undefined;
      return check();
    });
  }

  function poll(): void {
    const intervalMs = typeof pollIntervalMs === "number" ? pollIntervalMs : pollIntervalMs();
    if (intervalMs <= 0 || isClosed) return;
    cancelPoll = clock.setTimer(() => void check().catch(onError).finally(poll), intervalMs);
  }

  async function start(): Promise<KnownSchema> {
    subscription ??= await listen?.(() => void check().catch(onError));
    const schema = known = await read(await readFingerprint(database.sql, schemas));
    poll();
    return schema;
  }

  return {
    initialize() {
      starting ??= start().catch((error) => {
        starting = undefined;
        throw error;
      });
      return starting;
    },
    current() {
      if (known === undefined) throw new Error("Cannot tell the schema as 'initialize' has not finished");
      return known;
    },
    check,
    history: (limit = 50) => store.list(limit),
    onSchemaChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async close() {
      isClosed = true;
      cancelPoll?.();
      listeners.clear();
      await subscription?.unlisten();
      await looking?.catch(onError);
      await nextLook?.catch(onError);
    },
  };
}

import { isolateHub } from "../../telemetry/kernelHub.ts";
import type { KernelObserver } from "../../telemetry/kernelObserver.ts";
import type { KnownSchema } from "../../schema/schemaVersion.ts";
import type { SchemaChangeListener, SchemaVersionManager } from "../../schema/schemaVersionManager.ts";

/** What the healing of one isolate knows of the schema. */
export class SchemaKnowledge {
  #starting: Promise<KnownSchema> | undefined;

  /** `onKnown` hears of each state of the schema, the first one as well, before anybody is told of it. */
  constructor(
    readonly manager: SchemaVersionManager,
    readonly onKnown: (schema: KnownSchema) => void,
    onChange: SchemaChangeListener,
    readonly observer: KernelObserver = isolateHub,
  ) {
    manager.onSchemaChange((changes, schema) => {
      onKnown(schema);
      observer.counted("cache.schema.invalidated");
      observer.happened({
        kind: "invalidation",
        subject: "schema",
        cause: `schema:${schema.version}`,
        detail: { changes: changes.length },
      });
      return onChange(changes, schema);
    });
  }

  /** The schema by now: read in full at first, looked at afterwards. */
  async latest(): Promise<KnownSchema> {
    if (this.#starting !== undefined) {
      await this.#starting;
      const changes = await this.manager.check();
      this.observer.counted(changes.length === 0 ? "cache.schema.hit" : "cache.schema.miss");
      return this.manager.current();
    }
    return await this.warmUp();
  }

  /** Gets to know the schema, so that later renames are seen as such. */
  warmUp(): Promise<KnownSchema> {
    return this.#starting ??= this.manager.initialize().then((schema) => {
      this.onKnown(schema);
      return schema;
    }, (error) => {
      this.#starting = undefined;
      throw error;
    });
  }
}

import * as z from "zod";
import { AppError } from "../../_shared/errors/appError.ts";
import { tableName } from "../../_shared/healing/client/tableName.ts";
import type { RequestContext } from "../../_shared/http/context.ts";
import { cursorField, readCursor, writeCursor } from "../../_shared/http/pageCursor.ts";
import { diffSnapshots } from "../../_shared/schema/diffSnapshots.ts";
import { postgresSchemaHistory, type SchemaHistory } from "../../_shared/schema/schemaHistory.ts";
import type { KnownSchema } from "../../_shared/schema/schemaVersion.ts";
import { moment, nextCursor, pageLimit, tableText } from "./opsSchemas.ts";
import {
  schemaChange,
  schemaSnapshot,
  schemaVersion,
  severity,
  shownChange,
  shownVersion,
  versionNumber,
} from "./schema/schemaSchemas.ts";

const filters = {
  versions: ["after"],
  version: ["version"],
  diff: ["from", "to"],
  changes: ["table", "severity", "since", "after"],
} as const;

/** The query of ops-schema. */
export const ReadSchemaInput = z.strictObject({
  /** `versions`: the list; `version`: one in full; `diff`: what lies between two; `changes`: of all versions. @default versions */
  view: z.enum(["versions", "version", "diff", "changes"]).default("versions"),
  version: versionNumber.optional(),
  from: versionNumber.optional(),
  /** @default the newest */
  to: versionNumber.optional(),
  /** Followed through renames, under any name it had. */
  table: tableText.optional(),
  /** At least this bad. */
  severity: severity.optional(),
  since: moment.optional(),
  limit: pageLimit(200).default(50),
  /** Where the page before has left off: its `next`. */
  after: cursorField,
}).superRefine((input, issues) => {
  const fail = (path: string, message: string) => issues.addIssue({ code: "custom", path: [path], message });
  const allowed: readonly string[] = ["view", "limit", ...filters[input.view]];
  for (const [name, value] of Object.entries(input)) {
    if (value !== undefined && !allowed.includes(name)) fail(name, `Must not come with view '${input.view}'`);
  }
  if (input.view === "version" && input.version === undefined) fail("version", "Must name the version to show");
  if (input.view === "diff" && input.from === undefined) fail("from", "Must name the version to begin at");
});

const dated = schemaChange.extend({ version: z.number(), seenAt: z.iso.datetime() });

/** The answer of ops-schema. */
export const ReadSchemaOutput = z.discriminatedUnion("view", [
  z.object({ view: z.literal("versions"), versions: z.array(schemaVersion), next: nextCursor }),
  z.object({
    view: z.literal("version"),
    version: z.number(),
    hash: z.string(),
    createdAt: z.iso.datetime(),
    /** What it changed of the version before. */
    changes: z.array(schemaChange),
    snapshot: schemaSnapshot,
  }),
  z.object({ view: z.literal("diff"), from: z.number(), to: z.number(), changes: z.array(schemaChange) }),
  z.object({ view: z.literal("changes"), changes: z.array(dated), next: nextCursor }),
]);

type Input = z.output<typeof ReadSchemaInput>;
type Output = z.input<typeof ReadSchemaOutput>;

/** Shows what the schema was and what changed it. */
export async function readSchema(input: Input, { admin }: Pick<RequestContext, "admin">): Promise<Output> {
  const history = postgresSchemaHistory(admin.sql);
  switch (input.view) {
    case "versions":
      return await readVersions(history, input);
    case "version": {
      const { version, hash, createdAt, changes, snapshot } = await readOne(history, input.version);
      return {
        view: "version",
        version,
        hash,
        createdAt: createdAt.toISOString(),
        changes: changes.map(shownChange),
        snapshot: snapshot as unknown as z.input<typeof schemaSnapshot>,
      };
    }
    case "diff": {
      const to = await readOne(history, input.to ?? await history.newest());
      const from = await readOne(history, input.from);
      const changes = diffSnapshots(from.snapshot, to.snapshot).map(shownChange);
      return { view: "diff", from: from.version, to: to.version, changes };
    }
    case "changes":
      return await readChanges(history, input);
  }
}

async function readOne(history: SchemaHistory, version: number | undefined): Promise<KnownSchema> {
  const known = version === undefined ? undefined : await history.read(version);
  if (known === undefined) {
    throw new AppError("not_found", `Cannot show the schema as there is no version ${version ?? "yet"}`);
  }
  return known;
}

async function readVersions(history: SchemaHistory, { limit, after }: Input): Promise<Output> {
  const before = after === undefined ? undefined : readCursor("versions", z.int().min(1), after);
  const read = await history.versions({ before, limit: limit + 1 });
  const versions = read.slice(0, limit).map(shownVersion);
  const last = versions.at(-1);
  const hasMore = read.length > limit && last !== undefined;
  return { view: "versions", versions, next: hasMore ? writeCursor("versions", last.version) : null };
}

async function readChanges(history: SchemaHistory, { table, severity, since, limit, after }: Input): Promise<Output> {
  const beforeId = after === undefined ? undefined : readCursor("changes", z.string().regex(/^\d{1,18}$/), after);
  const ref = table === undefined ? undefined : tableName(table);
  const subject = ref === undefined ? undefined : `${ref.schema}.${ref.name}`;
  const read = await history.changes({ subject, severity, since, beforeId, limit: limit + 1 });
  const page = read.slice(0, limit);
  const last = page.at(-1);
  return {
    view: "changes",
    changes: page.map(({ change, version, seenAt }) => ({
      ...shownChange(change),
      version,
      seenAt: seenAt.toISOString(),
    })),
    next: read.length > limit && last !== undefined ? writeCursor("changes", last.id) : null,
  };
}

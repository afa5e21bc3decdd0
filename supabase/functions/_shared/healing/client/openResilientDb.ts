import type { MappingAdvisor } from "../../ai/mappingAdvisor.ts";
import type { lazyMappingAdvisor } from "../../ai/lazyMappingAdvisor.ts";
import { localBreaker } from "../../breaker/localBreaker.ts";
import { denoPlatform } from "../../platform/denoPlatform.ts";
import { defaultKnobs } from "../../optimizer/knobs/knobReader.ts";
import { systemRandom } from "../../random/random.ts";
import { schemaPollKnob } from "../../schema/schemaPollKnob.ts";
import { watchSchema } from "../../schema/schemaVersionManager.ts";
import { currentCause } from "../../telemetry/causeScope.ts";
import { hubOf } from "../../telemetry/kernelHub.ts";
import { tellInvalidation } from "../../telemetry/tellInvalidation.ts";
import { systemClock } from "../../time/clock.ts";
import { NoteJournal } from "../landing/noteJournal.ts";
import type { RouteOptions, RouteSource } from "../landing/openRoute.ts";
import type { WriteRoute } from "../landing/route.ts";
import { patternPolicy } from "../patterns/patternPolicy.ts";
import { PlanCache } from "../plan/planCache.ts";
import { SpillQueue } from "../spill/spillQueue.ts";
import type { HealingDeps, HealingKernel } from "./healingDeps.ts";
import { HealLearner } from "./healLearner.ts";
import { openKernel } from "./openKernel.ts";
import type { ResilientDbOptions } from "./resilientDbOptions.ts";

/** The parts of a resilient database, and what ends them. */
export interface OpenedResilientDb {
  readonly deps: HealingDeps;
  flush(): Promise<void>;
  close(): Promise<void>;
}

/** A decision that is under way at one look is seen at the next. */
const decisionsOverlapMs = 5_000;

/** What is brought along, so that whoever needs less of it carries less: the parts of clients are most of a bundle. */
export interface ResilientDbParts {
  readonly openRoute: (source: RouteSource, options: RouteOptions) => WriteRoute;
  /** @default nobody is asked but a given advisor */
  readonly makeAdvisor?: typeof lazyMappingAdvisor;
}

/** Puts a resilient database together; nothing is connected before it is used. */
export function openResilientDb(
  source: RouteSource,
  options: ResilientDbOptions,
  { openRoute, makeAdvisor }: ResilientDbParts,
): OpenedResilientDb {
  const {
    ledger,
    schemas = ["public"],
    schemaPollMs,
    knobs = defaultKnobs,
    schemaVersions,
    mappings = {},
    aiKey,
    aiBaseUrl,
    aiCircuit,
    advisor: givenAdvisor,
    ai = "propose",
    poolSize = 1,
    deadline,
    requestId,
    waitUntil = (work) => denoPlatform.waitUntil(work),
    onCriticalChange = () => {},
    onError: tellError = () => {},
    clock = systemClock,
    random = systemRandom,
    observer,
    breaker = localBreaker({ clock, random, name: "database", observer: hubOf(observer) }),
    spill: limits = {},
  } = options;
  const hub = hubOf(observer);
  const onError = (error: unknown) => {
    try {
      tellError(error);
    } catch {
      // Whoever listens cannot break a write.
    }
  };
  const route = openRoute(source, { poolSize });
  const ownRoute: WriteRoute | undefined = ledger === undefined ? undefined : openRoute(ledger, { poolSize: 1 });
  const plans = new PlanCache({ clock, onUse: (sinceMs) => waitUntil(heedDecisions(sinceMs)) });
  let made: HealingKernel | undefined;
  let ownManager: ReturnType<typeof watchSchema> | undefined;

  function kernel(): HealingKernel | undefined {
    const database = ownRoute?.database ?? route.database;
    if (made !== undefined || database === undefined) return made;
    const pollIntervalMs = schemaPollMs ?? (() => knobs.read(schemaPollKnob));
    const watch = () => watchSchema(database, { schemas, pollIntervalMs, observer: hub, clock, onError });
    const manager = schemaVersions ?? (ownManager = watch());
    const { types } = route;
    const advisor: MappingAdvisor | undefined = givenAdvisor ??
      (aiKey === undefined || ai === "off" ? undefined : makeAdvisor?.({
        apiKey: aiKey,
        baseUrl: aiBaseUrl,
        circuit: aiCircuit,
        sql: database.sql,
        knobs,
        observer: hub,
        onError,
      }));
    const asked = advisor === undefined ? undefined : { advisor, mode: ai };
    return made = openKernel({
      database,
      manager,
      plans,
      types,
      mappings,
      ai: asked,
      knobs,
      clock,
      random,
      hub,
      onCriticalChange,
      onError,
    });
  }

  /**
   * What another isolate has taken back or approved, or a rule that is no longer in force has planned, is not done otherwise here
   * for longer than until the next look.
   */
  async function heedDecisions(sinceMs: number): Promise<void> {
    try {
      const known = kernel();
      const isOtherwise = await known?.rules.haveLost() === true ||
        await known?.patterns.wereDecided(sinceMs + decisionsOverlapMs) === true;
      if (!isOtherwise) return;
      made?.shelf.forget();
      made?.rules.forget();
      plans.clear();
      for (const cache of ["plans", "patterns"]) tellInvalidation(hub, cache, "tag:patterns");
    } catch (error) {
      onError(error);
    }
  }

  const journal = new NoteJournal({
    clock,
    newId: () => random.uuid(),
    waitUntil,
    onError,
    write: async ({ noted, records }) => {
      const ledger = kernel()?.ledger;
      if (ledger === undefined) throw new Error("Cannot write notes down as there is no ledger");
      await ledger.noteLanded(records);
      await ledger.noteRows(noted);
    },
  });
  const learner = new HealLearner({
    store: () => kernel()?.patterns,
    rules: () => kernel()?.ruleStore,
    policy: () => patternPolicy({}, knobs),
    waitUntil,
    onError,
  });
  let warming: Promise<unknown> | undefined;
  const spill = new SpillQueue({ limits, breaker, clock, random, waitUntil, onError });
  const deps: HealingDeps = {
    route,
    kernel,
    warmUp() {
      if (warming !== undefined) return;
      warming = (kernel()?.schema.warmUp() ?? Promise.resolve()).catch(onError);
      waitUntil(warming);
    },
    plans,
    journal,
    learner,
    breaker,
    spill,
    clock,
    random,
    ...(deadline === undefined ? {} : { deadline }),
    requestId: () => requestId ?? currentCause()?.requestId,
    hub,
    knobs,
    onError,
  };
  const flush = async () => {
    await spill.flush();
    await warming;
    await journal.flush();
    await learner.flush();
  };
  return {
    deps,
    flush,
    async close() {
      await spill.close();
      await flush();
      await ownManager?.close();
      await ownRoute?.close();
      await route.close();
    },
  };
}

import { EventEmitter } from "node:events";
import { CallScope, isCallOver } from "../policies/callScope.ts";
import type { ExecuteOptions, Work } from "../policies/policy.ts";
import type { Random } from "../random/random.ts";
import { keepCause } from "../telemetry/causeScope.ts";
import type { KernelHub } from "../telemetry/kernelHub.ts";
import type { Logger } from "../telemetry/logger.ts";
import type { Clock } from "../time/clock.ts";
import type { CoarseTimer, CoarseWait } from "../time/coarseTimer.ts";
import type { Circuit, CircuitStanding, Fallback } from "./circuit.ts";
import type { EngineStats } from "./circuitEngine.ts";
import { type CircuitKeeper, CircuitKeepers } from "./circuitKeeper.ts";
import { CallTimeoutError, CircuitFullError, CircuitOpenError } from "./circuitErrors.ts";
import type { CircuitOptions, Outcome } from "./circuitOptions.ts";
import { type CircuitPhase, leftAlone, opened, phaseEvents, probed, ramped, tripsOf } from "./circuitPhase.ts";
import { CircuitReporter, type Sighting } from "./circuitReporter.ts";
import { CircuitRun, operatorsPermit, type Permit, permitOf, type RunOwner } from "./circuitRun.ts";
import { CircuitTeller } from "./circuitTeller.ts";
import type { Doubts } from "./doubts.ts";
import type { FleetView } from "./fleetView.ts";
import { heededRetryAfterMs, isDependencyFailure } from "./isDependencyFailure.ts";
import { standingOf } from "./standingOf.ts";
import { TunedEngine } from "./tunedEngine.ts";
import { WayBack } from "./wayBack.ts";

/** What all circuits of an isolate share. */
export interface CircuitParts {
  readonly isolate: () => string;
  readonly view: FleetView;
  readonly doubts: Doubts;
  readonly clock: Clock;
  readonly random: Random;
  readonly warn: Logger["warn"];
  readonly hub: KernelHub;
  /** The isolate's one timer for the time limits of calls. */
  readonly timer: CoarseTimer;
}

const leaveMeAlone = "it asked to be left alone";

/**
 * The circuit of one dependency in one isolate. While all is well it compares two numbers and lets the engine count; what
 * is not plainly closed goes the long way, where the fleet decides, or this isolate where the fleet has not.
 */
export class FleetCircuit extends EventEmitter implements Circuit, RunOwner {
  readonly #tuned: TunedEngine;
  readonly #parts: CircuitParts;
  readonly #keepers: CircuitKeepers;
  readonly #teller: CircuitTeller;
  readonly #reporter: CircuitReporter;
  readonly #way = new WayBack();
  readonly #holds = new Set<{ readonly reason: string }>();
  readonly #isFailure: (outcome: Outcome) => boolean;
  readonly #chance = () => this.#parts.random.next();
  #closedPermit: Permit = { scope: "isolate", kind: "closed", epoch: 0, trips: 0 };
  /** The version of the view under which this circuit is closed and nothing is to be asked. */
  #plainVersion = -1;
  #isMoving = false;
  #isLeaving = false;
  #trustedUntilMs = -Infinity;
  #underWay = 0;
  #told: CircuitPhase["kind"] = "closed";

  constructor(readonly name: string, options: CircuitOptions, parts: CircuitParts) {
    super();
    this.#parts = parts;
    this.#tuned = new TunedEngine({
      name,
      options,
      tuning: () => parts.view.tuning(name),
      nowMs: () => parts.clock.monotonic(),
      onNonsense(error) {
        parts.warn("A circuit keeps its settings as its tuning makes no sense", { error: String(error) });
      },
    });
    this.#isFailure = options.isFailure ?? isDependencyFailure;
    this.#teller = new CircuitTeller({
      name,
      hub: parts.hub,
      isolate: parts.isolate,
      isDoubtful: () => parts.doubts.isDoubtful(parts.clock.monotonic()),
    });
    this.#keepers = new CircuitKeepers({
      name,
      view: parts.view,
      clock: parts.clock,
      onChange: (keeper, next, reason) => this.#teller.moved(keeper, next, reason),
    });
    this.#reporter = new CircuitReporter({
      name,
      isolate: parts.isolate,
      view: parts.view,
      fleet: this.#keepers.fleet,
      sighting: () => this.#sighting(),
      rules: () => this.#tuned.rules,
      chance: this.#chance,
    });
  }

  execute<Result>(work: Work<Result>, fallback?: Fallback<Result>, options?: ExecuteOptions): Promise<Result> {
    const outer = options instanceof CallScope ? options : options?.signal;
    if (outer !== undefined && isCallOver(outer)) return Promise.reject(outer.reason);
    if (fallback !== undefined && this.#teller.isWatched) this.#teller.mayFallBack();
    return new Promise((resolve, reject) => {
      const run = new CircuitRun(this, work, fallback, outer, resolve as (value: unknown) => void, reject);
      const { clock, view, timer } = this.#parts;
      const nowMs = timer.now();
      if (nowMs < view.freshUntilMs && view.version === this.#plainVersion) {
        return this.#start(run, this.#closedPermit, nowMs);
      }
      const waiting = this.#waitForNews(nowMs);
      if (waiting === undefined) this.#enter(run, nowMs);
      else waiting.then(() => this.#enter(run, clock.monotonic()));
    });
  }

  state(): CircuitStanding {
    const { view, clock } = this.#parts;
    const override = view.isLost ? undefined : view.circuit(this.name)?.override;
    const hold = [...this.#holds].at(-1)?.reason;
    return standingOf({
      hold,
      override,
      keeper: this.#keepers.current,
      isStoreLost: view.isLost,
      nowMs: clock.monotonic(),
    });
  }

  /** Opens it for the fleet, as if it had failed: it comes back by itself. */
  async open(reason: string): Promise<void> {
    await this.#moveAll((trips) => opened(trips, this.#tuned.rules, this.#parts.random.next()), reason);
  }

  /** Closes it for the fleet at once. */
  async close(reason: string): Promise<void> {
    this.#tuned.engine.reset();
    await this.#moveAll(() => ({ kind: "closed" }), reason);
  }

  /** Keeps this isolate's calls away from the dependency until the returned function is called. */
  isolate(reason = "it was isolated"): () => void {
    const hold = { reason };
    this.#holds.add(hold);
    this.#plainVersion = -1;
    return () => void this.#holds.delete(hold);
  }

  /** Hears of single calls, by opossum's names: success, failure, timeout, reject, fallback, semaphoreLocked. */
  onCall(event: string, listener: (...args: unknown[]) => void): void {
    this.#tuned.onCall(event, listener);
  }

  /** What was counted within the rolling window, in this isolate. */
  stats(): EngineStats & { readonly underWay: number } {
    this.#tuned.engine.moveOn(this.#parts.clock.monotonic());
    return { ...this.#tuned.engine.opossum.stats, underWay: this.#underWay };
  }

  /** The view has been read: whoever sees no failures says so while another isolate sees some. */
  notice(): void {
    const known = this.#parts.view.circuit(this.name);
    if (known === undefined || known.suspects === 0 || known.phase.kind !== "closed") return;
    if (this.stats().fires > 0) this.#reporter.tell(this.#parts.clock.monotonic(), false);
  }

  settle(run: CircuitRun, outcome: Outcome): boolean {
    this.#underWay--;
    const { permit, startedAtMs } = run;
    const { slowCallMs } = this.#tuned.rules;
    const isSlow = slowCallMs !== Infinity && this.#parts.clock.monotonic() - startedAtMs >= slowCallMs;
    if (run.isAbandoned && !isSlow) return this.#settleAbandoned(permit);
    const result = "error" in outcome ? outcome.error : outcome.value;
    const isLate = result instanceof CallTimeoutError && result.circuit === this.name;
    if (isLate) this.#tuned.engine.opossum.emit("timeout", result, this.#parts.clock.monotonic() - startedAtMs);
    const hasFailed = isSlow || isLate || this.#isFailure(outcome);
    run.tellEngine(result, hasFailed);
    if (this.#teller.isWatched) {
      const durationMs = Math.max(0, this.#parts.clock.monotonic() - startedAtMs);
      this.#teller.ended({ durationMs, hasFailed, isLate, result });
    }
    const waitMs = heededRetryAfterMs(result, this.#parts.clock);
    if (permit.kind === "probing") this.#settleProbe(permit, hasFailed, waitMs);
    else if (permit.kind === "ramping") this.#settleOnWay(permit, hasFailed && waitMs === undefined);
    else if (hasFailed) this.#settleFailure(permit);
    else if (startedAtMs >= this.#trustedUntilMs) this.#trust(startedAtMs);
    if (waitMs !== undefined && permit.kind !== "probing") this.#leaveAlone(waitMs);
    return hasFailed;
  }

  limit(run: CircuitRun): CoarseWait | undefined {
    const { timeoutMs } = this.#tuned.rules;
    if (timeoutMs === undefined) return undefined;
    const end = keepCause(() => run.end(new CallTimeoutError(this.name, timeoutMs)));
    return this.#parts.timer.set(end, timeoutMs, run.startedAtMs);
  }

  fellBack(error: unknown): void {
    this.#tuned.engine.opossum.emit("fallback", undefined, error);
    if (this.#teller.isWatched) this.#teller.fellBack(error, this.#keepers.current);
  }

  /** Whoever sees failures calls no further before it knows what the others see. */
  #waitForNews(nowMs: number): Promise<void> | undefined {
    const { view } = this.#parts;
    const isIll = this.#isIll();
    const reading = view.touch(nowMs, isIll);
    const { pending } = this.#reporter;
    if (!isIll || pending === undefined) return reading;
    const told = view.wait(pending, true);
    return reading === undefined ? told : Promise.all([reading, told]).then(() => {});
  }

  #enter(run: CircuitRun, nowMs: number): void {
    if (run.isOver) return;
    this.#tuned.retune();
    const { view } = this.#parts;
    const override = view.isLost ? undefined : view.circuit(this.name)?.override;
    if (this.#holds.size > 0 || override?.to === "open") return this.#refuse(run, "override");
    if (override?.to === "closed") return this.#start(run, operatorsPermit, nowMs);
    const keeper = this.#keepers.current;
    const { phase } = keeper;
    this.#tellPhase(phase.kind);
    switch (phase.kind) {
      case "closed":
        if (this.#reporter.pending === undefined) this.#plainVersion = view.version;
        if (this.#closedPermit.epoch !== keeper.epoch) this.#closedPermit = permitOf(keeper, "closed");
        return this.#start(run, this.#closedPermit, nowMs);
      case "open":
      case "probing":
        return nowMs < phase.untilMs ? this.#refuse(run) : this.#probe(run, keeper);
      case "ramping":
        this.#goOn(keeper, phase, nowMs);
        return this.#way.takes() ? this.#start(run, permitOf(keeper, "ramping"), nowMs) : this.#refuse(run);
    }
  }

  #start(run: CircuitRun, permit: Permit, nowMs: number): void {
    if (this.#underWay >= this.#tuned.rules.capacity) {
      const error = new CircuitFullError(this.name, this.#tuned.rules.capacity);
      this.#tuned.engine.opossum.emit("semaphoreLocked", error, 0);
      if (this.#teller.isWatched) this.#teller.shed("full");
      return run.refuse(error);
    }
    this.#tuned.engine.moveOn(nowMs);
    if (this.#tuned.engine.opossum.opened) this.#tuned.engine.reset();
    this.#underWay++;
    run.permit = permit;
    run.startedAtMs = nowMs;
    run.follow(this.#tuned.engine.opossum.fire(run));
  }

  #refuse(run: CircuitRun, by: CircuitKeeper | "override" = this.#keepers.current): void {
    const ref = this.#teller.isWatched ? this.#teller.shed(by) : undefined;
    const error = new CircuitOpenError(this.name, this.state(), ref);
    this.#tuned.engine.opossum.emit("reject", error);
    run.refuse(error);
  }

  /** One call finds out for all: whoever is first to say so. */
  #probe(run: CircuitRun, keeper: CircuitKeeper): void {
    if (this.#isMoving) return this.#refuse(run);
    const trips = tripsOf(keeper.phase);
    const change = keeper.change(
      keeper.epoch,
      probed(trips, this.#tuned.rules, this.#parts.isolate()),
      "its time was up",
    );
    const go = (epoch: number | undefined) => {
      const permit: Permit = { scope: keeper.scope, kind: "probing", epoch: epoch ?? 0, trips };
      if (epoch === undefined) return this.#refuse(run);
      if (run.isOver) return this.#move(permit, { kind: "open", lastsMs: 0, trips }, "the probe was given up");
      this.#tellPhase("probing");
      this.#start(run, permit, this.#parts.clock.monotonic());
    };
    if (!(change instanceof Promise)) return go(change);
    this.#isMoving = true;
    change.finally(() => this.#isMoving = false).then(go);
  }

  /** Takes the next step of the way back once its time has come and nothing has failed. */
  #goOn(keeper: CircuitKeeper, phase: Extract<CircuitPhase, { kind: "ramping" }>, nowMs: number): void {
    const way = this.#way.enter(keeper, this.#chance);
    if (this.#isMoving || !way.isDone(phase, nowMs, this.#tuned.rules)) return;
    this.#move(permitOf(keeper, "ramping"), ramped(phase.trips, this.#tuned.rules, phase.step), "nothing failed");
  }

  /** It works, which is noted once a while. */
  #trust(nowMs: number): void {
    const { rollingWindowMs } = this.#tuned.rules;
    this.#parts.doubts.succeeded(this.name, nowMs + rollingWindowMs);
    this.#trustedUntilMs = nowMs + rollingWindowMs / 2;
  }

  /** Its caller has gone before it could be slow: that says nothing of the dependency. */
  #settleAbandoned(permit: Permit): boolean {
    this.#tuned.engine.forgetCall();
    if (permit.kind === "probing") {
      this.#move(permit, { kind: "open", lastsMs: 0, trips: permit.trips }, "the probe was given up");
    }
    return false;
  }

  #settleFailure(permit: Permit): void {
    const { clock, doubts, random } = this.#parts;
    const nowMs = clock.monotonic();
    const wasDoubtful = doubts.isDoubtful(nowMs);
    doubts.failed(this.name, nowMs + this.#tuned.rules.rollingWindowMs);
    this.#trustedUntilMs = -Infinity;
    const hasTripped = this.#tuned.engine.opossum.opened;
    if (permit.scope === "operator") return;
    this.#plainVersion = -1;
    if (hasTripped && this.#keepers.own.phase.kind === "closed") {
      this.#keepers.own.change(permit.epoch, opened(0, this.#tuned.rules, random.next()), "it failed here");
      this.#tellPhase("open");
    }
    // Those that fail most of the time are few: the circuit opens here soon.
    this.#reporter.tell(nowMs, this.#isIll() || wasDoubtful !== doubts.isDoubtful(nowMs));
  }

  #settleProbe(permit: Permit, hasFailed: boolean, waitMs: number | undefined): void {
    const { trips } = permit;
    if (hasFailed) {
      return this.#move(permit, opened(trips, this.#tuned.rules, this.#chance(), waitMs), "the probe failed");
    }
    if (waitMs !== undefined) return this.#move(permit, leftAlone(trips, waitMs), leaveMeAlone);
    this.#move(permit, ramped(trips, this.#tuned.rules), "the probe succeeded");
  }

  #settleOnWay(permit: Permit, hasFailed: boolean): void {
    if (permit.scope === "operator") return;
    const keeper = this.#keepers.of(permit.scope);
    if (keeper.epoch !== permit.epoch) return; // It tells of a phase that is over.
    const way = this.#way.enter(keeper, this.#chance);
    way.note(hasFailed);
    if (!hasFailed) return;
    if (permit.scope === "fleet") return this.#reporter.tell(this.#parts.clock.monotonic(), true);
    if (way.failures <= this.#tuned.rules.errorShare * way.calls) return;
    this.#move(permit, opened(permit.trips, this.#tuned.rules, this.#chance()), "it failed on its way back");
  }

  /** It said how long it wants to be left alone: that is no failure, and all isolates heed it. */
  #leaveAlone(waitMs: number): void {
    const { phase } = this.#keepers.current;
    const isKnown = phase.kind === "open" && phase.untilMs > this.#parts.clock.monotonic() + waitMs - 1_000;
    if (isKnown || this.#isLeaving) return; // Calls that were under way together are told the same.
    this.#isLeaving = true;
    this.#moveAll((trips) => leftAlone(trips, waitMs), leaveMeAlone).finally(() => this.#isLeaving = false);
  }

  #move(permit: Permit, next: Parameters<CircuitKeeper["change"]>[1], reason: string): void {
    if (permit.scope === "operator") return;
    const change = this.#keepers.of(permit.scope).change(permit.epoch, next, reason);
    this.#plainVersion = -1;
    if (!(change instanceof Promise)) return;
    this.#isMoving = true;
    change.finally(() => this.#isMoving = false);
  }

  async #moveAll(next: (trips: number) => Parameters<CircuitKeeper["change"]>[1], reason: string): Promise<void> {
    this.#plainVersion = -1;
    const { view } = this.#parts;
    this.#keepers.own.change(this.#keepers.own.epoch, next(tripsOf(this.#keepers.own.phase)), reason);
    this.#tellPhase(this.#keepers.own.phase.kind);
    await view.touch(this.#parts.clock.monotonic());
    if (view.hasStore && !view.isLost) {
      await this.#keepers.fleet.change(this.#keepers.fleet.epoch, next(tripsOf(this.#keepers.fleet.phase)), reason);
    }
  }

  #sighting(): Sighting {
    const nowMs = this.#parts.clock.monotonic();
    const isDoubtful = this.#parts.doubts.isDoubtful(nowMs);
    if (this.#keepers.fleet.phase.kind === "ramping") {
      const { calls, failures } = this.#way.enter(this.#keepers.fleet, this.#chance);
      return { calls, failures, isDoubtful };
    }
    this.#tuned.engine.moveOn(nowMs);
    const { successes, failures } = this.#tuned.engine.opossum.stats;
    return { calls: successes + failures, failures, isDoubtful };
  }

  /** Does the dependency fail here more often than it may? */
  #isIll(): boolean {
    const { calls, failures } = this.#sighting();
    return failures > this.#tuned.rules.errorShare * calls;
  }

  #tellPhase(kind: CircuitPhase["kind"]): void {
    if (kind === this.#told) return;
    this.#told = kind;
    this.emit(phaseEvents[kind], this.state());
  }
}

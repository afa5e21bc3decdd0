import type { DbFailure } from "../../connect/dbFailure.ts";
import type { HealDraft } from "../plan/healDraft.ts";
import type { PreparedWrite } from "../plan/prepareWrite.ts";
import { healsOf, type WritePlan } from "../plan/writePlan.ts";
import type { HealingDeps } from "./healingDeps.ts";
import { isHealable, tellFound, tellKnown } from "./tellHealing.ts";

/** What is told of the healing of one transaction: nothing before it has ended, as nothing lands before. */
export class TransactionStory {
  readonly #known = new Set<string>();
  readonly #found = new Map<string, DbFailure>();
  #startedAt: number | undefined;
  #failure: DbFailure | undefined;

  constructor(readonly deps: Pick<HealingDeps, "clock" | "hub">) {}

  /** A statement has failed in a way that healing sees to. */
  meet({ plan }: PreparedWrite, failure: DbFailure): void {
    if (!this.deps.hub.isWatched) return;
    this.#startedAt ??= this.deps.clock.monotonic();
    for (const { id } of healsOf(plan)) if (!this.#found.has(id)) this.#known.add(id);
    this.#failure = failure;
  }

  /** It is to run again by these plans. */
  plan(plans: Iterable<WritePlan>): void {
    if (this.#failure === undefined) return;
    for (const plan of plans) {
      for (const { id } of healsOf(plan)) {
        if (!this.#known.has(id) && !this.#found.has(id)) this.#found.set(id, this.#failure);
      }
    }
  }

  /** It has ended, with these statements that took healing. */
  end(landed: readonly PreparedWrite[], hasLanded: boolean): void {
    const { clock, hub } = this.deps;
    if (!hub.isWatched) return;
    const durationMs = this.#startedAt === undefined ? 0 : clock.monotonic() - this.#startedAt;
    if (this.#failure !== undefined && isHealable(this.#failure)) {
      hub.called("heal", durationMs, !hasLanded);
      if (!hasLanded) hub.counted("heal.refused");
    }
    const told = new Set<string>();
    for (const prepared of landed) {
      const newly: HealDraft[] = healsOf(prepared.plan).filter(({ id }) => this.#found.has(id) && !told.has(id));
      for (const { id } of newly) told.add(id);
      const [first] = newly;
      const failure = first && this.#found.get(first.id);
      tellFound(hub, newly, { prepared, failure, durationMs });
      tellKnown(hub, prepared, healsOf(prepared.plan).length - newly.length);
    }
  }
}

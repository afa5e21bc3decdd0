import { causeOf } from "../../telemetry/causeOf.ts";
import type { KernelHub } from "../../telemetry/kernelHub.ts";
import type { Clock } from "../../time/clock.ts";
import type { AiResult } from "./aiClient.ts";

const mostLetters = 60;

/** Tells what is asked of models. Aliases are those of the configuration, so they are few. */
export class AiTeller {
  constructor(readonly hub: KernelHub, readonly clock: Clock) {}

  /** A question begins; what is returned tells how it ended, once. */
  begin(alias: string): (end: { readonly hasFailed: boolean }) => void {
    const startedAt = this.clock.monotonic();
    return ({ hasFailed }) => {
      this.hub.called(`ai.${alias.slice(0, mostLetters)}`, this.clock.monotonic() - startedAt, hasFailed);
    };
  }

  /** An answer was given without asking anybody: as nobody is set up, or as it was given before. */
  answered({ source }: AiResult): void {
    if (source === "offline-rules") this.hub.counted("ai.offline");
    if (source === "cache") this.hub.counted("ai.cached");
  }

  /** A rule has answered for a model that is out. */
  fellBack(error: unknown): void {
    if (!this.hub.isWatched) return;
    this.hub.counted("ai.fallback");
    this.hub.happened({ kind: "fallback", subject: "ai", cause: causeOf(error) });
  }

  /** A question was turned away as a budget does not reach for it. */
  shed(scope: "caller" | "project"): void {
    if (!this.hub.isWatched) return;
    this.hub.counted("ai.refused");
    this.hub.happened({ kind: "shed", subject: "ai.budget", cause: "error:ai_budget_exceeded", detail: { scope } });
  }
}

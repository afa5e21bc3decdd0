import type { KernelEvent, KernelEventKind } from "../telemetry/kernelEvent.ts";
import type { FrameEvent } from "./telemetryFrame.ts";
import { plainText } from "./plainText.ts";

/** Of each kind so many are kept one by one in any case, so that no kind crowds out another. */
const reserved = 10;
/** And so many of all kinds together beyond those. */
const shared = 180;
/** So many sorts of events, by what they are, happened to and are blamed on; beyond that by their kind alone. */
const mostSorts = 100;
const longestDetail = 2_000;

interface Kept extends FrameEvent {
  n: number;
  cost?: number;
}

/** When and on whose behalf something happened. */
export interface EventScene {
  readonly at: number;
  readonly functionName: string;
  readonly requestId?: string | undefined;
}

/** Events that wait to be written: 300 one by one, what is beyond that counted by its sort. */
export class EventBuffer {
  readonly #single: Kept[] = [];
  readonly #singleByKind = new Map<KernelEventKind, number>();
  readonly #sorts = new Map<string, Kept>();
  #sharedUsed = 0;

  add(event: KernelEvent, scene: EventScene): void {
    if (this.#hasRoomFor(event.kind)) this.#single.push(frameEvent(event, scene));
    else this.#addToSort(event, scene);
  }

  get isEmpty(): boolean {
    return this.#single.length === 0 && this.#sorts.size === 0;
  }

  events(): readonly FrameEvent[] {
    return [...this.#single, ...this.#sorts.values()];
  }

  #hasRoomFor(kind: KernelEventKind): boolean {
    const ofKind = this.#singleByKind.get(kind) ?? 0;
    if (ofKind >= reserved) {
      if (this.#sharedUsed >= shared) return false;
      this.#sharedUsed++;
    }
    this.#singleByKind.set(kind, ofKind + 1);
    return true;
  }

  #addToSort(event: KernelEvent, scene: EventScene): void {
    let sort = JSON.stringify([event.kind, event.subject, event.cause, scene.functionName]);
    let first = this.#sorts.get(sort);
    if (first === undefined && this.#sorts.size >= mostSorts) {
      sort = event.kind;
      first = this.#sorts.get(sort);
    }
    if (first === undefined) {
      const isByKind = sort === event.kind;
      const { ref: _, detail: _detail, ...shared } = event;
      const { cause: _cause, ...bare } = shared;
      const told = isByKind ? { ...bare, subject: "other" } : shared;
      const functionName = isByKind ? "" : scene.functionName;
      this.#sorts.set(sort, frameEvent(told, { at: scene.at, functionName }));
      return;
    }
    first.n++;
    if (isCost(event.costMs)) first.cost = (first.cost ?? 0) + event.costMs;
  }
}

function frameEvent({ kind, subject, ref, cause, costMs, detail }: KernelEvent, scene: EventScene): Kept {
  return {
    at: scene.at,
    fn: plainText(scene.functionName, 100),
    ...(scene.requestId === undefined ? {} : { request: plainText(scene.requestId, 200) }),
    kind,
    subject: plainText(subject, 400) || "unknown",
    ...(isReference(ref) ? { ref: plainText(ref, 400) } : {}),
    ...(isReference(cause) ? { cause: plainText(cause, 400) } : {}),
    ...(isCost(costMs) ? { cost: costMs } : {}),
    n: 1,
    ...(detail === undefined ? {} : { detail: shortDetail(detail) }),
  };
}

function isCost(costMs: number | undefined): costMs is number {
  return costMs !== undefined && costMs >= 0 && costMs < Infinity;
}

/** The table's own rule; an event is worth more than its reference. */
function isReference(ref: string | undefined): ref is string {
  return ref !== undefined && /^[a-z]+:[^]/.test(ref);
}

function shortDetail(detail: NonNullable<KernelEvent["detail"]>): NonNullable<KernelEvent["detail"]> {
  const entries = Object.entries(detail).slice(0, 20).map(([name, value]) =>
    [plainText(name, 100), typeof value === "string" ? plainText(value, 400) : value] as const
  );
  const short = Object.fromEntries(entries);
  return JSON.stringify(short).length <= longestDetail ? short : { isCut: true };
}

import { denoPlatform } from "./denoPlatform.ts";
import type { Platform } from "./platform.ts";

/** Who this isolate is among the fleet. */
export interface Isolate {
  readonly id: string;
  readonly region: string;
  readonly startedAtMs: number;
}

let current: Isolate | undefined;

/** This isolate's identity, made at first use and kept for its life. */
export function currentIsolate(platform: Platform = denoPlatform): Isolate {
  current ??= {
    id: platform.env("SB_EXECUTION_ID") ?? crypto.randomUUID(),
    region: platform.env("SB_REGION") ?? "local",
    startedAtMs: Math.round(performance.timeOrigin),
  };
  return current;
}

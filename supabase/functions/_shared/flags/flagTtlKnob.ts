import { ttlKnob } from "../cache/ttlKnob.ts";

/** How long a read of the flags is good for. Never longer than a second: within that a flag turned off is off. */
export const flagTtlKnob = ttlKnob("flags", { default: 1_000, lowest: 200, highest: 1_000 });

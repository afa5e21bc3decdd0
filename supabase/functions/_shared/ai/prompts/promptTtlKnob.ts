import { ttlKnob } from "../../cache/ttlKnob.ts";

/** How long a read of the prompts is good for: the time within which another version is used. */
export const promptTtlKnob = ttlKnob("prompts", { default: 1_000, lowest: 200, highest: 60_000 });

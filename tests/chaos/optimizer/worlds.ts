import { circuitKnobs } from "../../../supabase/functions/_shared/breaker/circuitKnobs.ts";
import { chunkSizeKnob } from "../../../supabase/functions/_shared/healing/batch/batchKnobs.ts";
import { collisionWaitKnob } from "../../../supabase/functions/_shared/healing/retry/retryKnobs.ts";
import { batchSize } from "../../../supabase/functions/_shared/optimizer/rules/batchSize.ts";
import { conflictRate } from "../../../supabase/functions/_shared/optimizer/rules/conflictRate.ts";
import { tripRate } from "../../../supabase/functions/_shared/optimizer/rules/tripRate.ts";
import { noise, type Shift, type World } from "../../harness/simulatedFleet.ts";

/** The limit of the circuit "ai". */
export const aiTimeout = circuitKnobs.timeout!.knob("circuit.ai.timeout");

const add = (shift: Shift, operation: string, duration: number) => {
  const list = shift.calls.get(operation) ?? [];
  list.push(duration);
  shift.calls.set(operation, list);
};
const count = (shift: Shift, name: string, by = 1) => shift.counters.set(name, (shift.counters.get(name) ?? 0) + by);

/** A model that is slow but well: answers take `medianMs`, many of them longer than the limit. */
export function slowModel(medianMs: number, { isDown = false } = {}): World {
  return {
    rules: [tripRate],
    work(shift, { knobs, random }) {
      const limitMs = knobs.read(aiTimeout) as number;
      for (let call = 0; call < 12; call++) {
        const takesMs = isDown ? Infinity : medianMs * Math.exp(0.4 * noise(random));
        const isLate = takesMs > limitMs;
        add(shift, "circuit.ai", isLate ? -limitMs : takesMs);
        count(shift, "circuit.ai.calls");
        if (isLate) { for (const what of ["failures", "timeouts"]) count(shift, `circuit.ai.${what}`); }
      }
    },
  };
}

/** A chunk of n rows costs a round trip, its rows, and what large statements cost besides: cheapest at 2,000 rows. */
export const chunkMs = (rows: number): number => 80 + 0.05 * rows + 2e-5 * rows ** 2;

/** Batches, and transactions that collide: both knobs are turned at the same time, and each slows the other. */
export function busyDatabase(): World {
  return {
    rules: [batchSize, conflictRate],
    work(shift, { knobs, random }) {
      const rows = knobs.read(chunkSizeKnob);
      const waitMs = knobs.read(collisionWaitKnob);
      for (let chunk = 0; chunk < 10; chunk++) {
        add(shift, "db.batch.chunk", chunkMs(rows) * Math.exp(0.2 * noise(random)));
        count(shift, "db.batch.chunk.rows", rows);
      }
      // Longer chunks hold locks for longer.
      const collides = Math.min(0.9, (0.6 + rows / 20_000) * Math.exp(-waitMs / 10));
      for (let transaction = 0; transaction < 40; transaction++) {
        let takesMs = 10 * Math.exp(0.2 * noise(random));
        for (let tries = 1; tries < 5 && random.next() < collides; tries++) {
          takesMs += 10 + waitMs;
          count(shift, "db.retried");
        }
        add(shift, "db.transaction", takesMs);
      }
    },
  };
}

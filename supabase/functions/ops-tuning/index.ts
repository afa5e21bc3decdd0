import { readTuning, ReadTuningInput, ReadTuningOutput } from "../_domains/ops/readTuning.ts";
import { ChangedKnobOutput, setKnob, SetKnobInput } from "../_domains/ops/setKnob.ts";
import { steerTuning, SteerTuningInput, SteerTuningOutput } from "../_domains/ops/steerTuning.ts";
import { openTuningPorts as open } from "../_domains/ops/tuning/tuningPorts.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const read = { input: ReadTuningInput, output: ReadTuningOutput, rateLimit: perMinute(600) } as const;
const change = { rateLimit: perMinute(120), idempotent: true } as const;

export default defineFunction({
  name: "ops-tuning",
  summary: "Show the knobs and what was changed and why; set, pin, veto, undo, or stop all tuning",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { ...read, handler: readTuning(open) },
    PUT: { ...change, input: SetKnobInput, output: ChangedKnobOutput, handler: setKnob(open) },
    POST: { ...change, input: SteerTuningInput, output: SteerTuningOutput, handler: steerTuning(open) },
  },
});

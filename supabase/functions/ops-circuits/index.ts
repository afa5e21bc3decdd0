import { openCircuitPorts as open } from "../_domains/ops/circuits/circuitPorts.ts";
import { OverriddenCircuitOutput as output } from "../_domains/ops/circuits/circuitSchemas.ts";
import { overrideCircuit, OverrideCircuitInput } from "../_domains/ops/overrideCircuit.ts";
import { readCircuits, ReadCircuitsInput, ReadCircuitsOutput } from "../_domains/ops/readCircuits.ts";
import { releaseCircuit, ReleaseCircuitInput } from "../_domains/ops/releaseCircuit.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const read = { output: ReadCircuitsOutput, rateLimit: perMinute(600) } as const;
const change = { output, rateLimit: perMinute(120), idempotent: true } as const;

export default defineFunction({
  name: "ops-circuits",
  summary: "Show the fleet's circuits, and override one for all isolates",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { ...read, input: ReadCircuitsInput, handler: readCircuits(open) },
    PUT: { ...change, input: OverrideCircuitInput, handler: overrideCircuit(open) },
    DELETE: { ...change, input: ReleaseCircuitInput, handler: releaseCircuit(open) },
  },
});

import { ChangedFlagOutput as output } from "../_domains/ops/flags/flagSchemas.ts";
import { openFlagPorts as open } from "../_domains/ops/flags/openFlagPorts.ts";
import { patchFlag, PatchFlagInput } from "../_domains/ops/patchFlag.ts";
import { putFlag, PutFlagInput } from "../_domains/ops/putFlag.ts";
import { readFlags, ReadFlagsInput, ReadFlagsOutput } from "../_domains/ops/readFlags.ts";
import { removeFlag, RemoveFlagInput } from "../_domains/ops/removeFlag.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const change = { auth: ["secret"], output, rateLimit: perMinute(120), idempotent: true } as const;

export default defineFunction({
  name: "ops-flags",
  summary: "Read and set feature flags with sticky roll-outs",
  auth: ["user", "publishable", "secret"],
  admin: true,
  methods: {
    GET: { input: ReadFlagsInput, output: ReadFlagsOutput, rateLimit: perMinute(600), handler: readFlags(open) },
    PUT: { ...change, input: PutFlagInput, handler: putFlag(open) },
    PATCH: { ...change, input: PatchFlagInput, handler: patchFlag(open) },
    DELETE: { ...change, input: RemoveFlagInput, handler: removeFlag(open) },
  },
});

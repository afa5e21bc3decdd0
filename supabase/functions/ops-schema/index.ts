import { checkSchemaNow, CheckSchemaNowInput, CheckSchemaNowOutput } from "../_domains/ops/checkSchemaNow.ts";
import { readSchema, ReadSchemaInput, ReadSchemaOutput } from "../_domains/ops/readSchema.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const read = { input: ReadSchemaInput, output: ReadSchemaOutput, rateLimit: perMinute(600) } as const;
const check = { input: CheckSchemaNowInput, output: CheckSchemaNowOutput, rateLimit: perMinute(60) } as const;

export default defineFunction({
  name: "ops-schema",
  summary: "Show the schema's versions and what changed between them, and look at it now",
  auth: ["secret"],
  admin: true,
  methods: {
    GET: { ...read, handler: readSchema },
    POST: { ...check, summary: "Look at the schema now", handler: checkSchemaNow },
  },
});

import { importCatalog as handler } from "../_domains/commerce/import/importCatalog.ts";
import { ImportInput as input, ImportOutput as output } from "../_domains/commerce/import/importSchemas.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "catalog-import",
  summary: "Take a vendor's catalog as CSV or JSON, and tell row by row what became of it",
  auth: ["user"],
  methods: {
    POST: { input, output, rateLimit: perMinute(60), idempotent: true, bodyLimitBytes: 4_194_304, handler },
  },
});

import * as catalog from "../_domains/commerce/importCatalog.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

export default defineFunction({
  name: "catalog-import",
  summary: "Take a vendor's catalog as CSV or JSON, and tell row by row what became of it",
  auth: ["user"],
  methods: {
    POST: {
      input: catalog.ImportCatalogInput,
      output: catalog.ImportCatalogOutput,
      rateLimit: perMinute(60),
      idempotent: true,
      bodyLimitBytes: 4_194_304,
      handler: catalog.importCatalog,
    },
  },
});

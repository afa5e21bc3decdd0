import { serveOpenapi, ServeOpenapiOutput } from "../_domains/ops/serveOpenapi.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";
import { withEntityTag } from "../_shared/http/withEntityTag.ts";
import { openapiDocument } from "./openapiDocument.ts";

export default withEntityTag(defineFunction({
  name: "ops-openapi",
  summary: "Serve the OpenAPI 3.1 document of every function",
  auth: ["none"],
  methods: {
    GET: { output: ServeOpenapiOutput, rateLimit: perMinute(300), handler: serveOpenapi(openapiDocument) },
  },
}));

import * as use from "../_domains/search/ranking/changeRanking.ts";
import * as schemas from "../_domains/search/ranking/rankingSchemas.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const { RankingOutput: output } = schemas;
const change = { output, rateLimit: perMinute(120), idempotent: true } as const;

export default defineFunction({
  name: "search-ranking",
  summary: "Read and change what searches are ranked by: weights, pins and synonyms",
  auth: ["user", "secret"],
  methods: {
    GET: { output, input: schemas.ReadRankingInput, rateLimit: perMinute(120), handler: use.readRanking },
    POST: { ...change, input: schemas.AddRankingInput, handler: use.addRanking },
    PATCH: { ...change, input: schemas.ActivateRankingInput, handler: use.activateRanking },
    PUT: { ...change, input: schemas.PutRuleInput, handler: use.putRule },
    DELETE: { ...change, input: schemas.RemoveRuleInput, handler: use.removeRule },
  },
});

import { refreshWords } from "../_domains/search/suggest/refreshWords.ts";
import { defineJob } from "../_shared/jobs/defineJob.ts";

export default defineJob({
  name: "search-refresh",
  summary: "Find popular queries anew, and forget words of what is not on sale",
  work: refreshWords,
});

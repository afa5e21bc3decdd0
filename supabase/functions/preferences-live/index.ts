import * as forgotten from "../_domains/personalization/forgetPreferences.ts";
import * as patched from "../_domains/personalization/patchPreferences.ts";
import * as read from "../_domains/personalization/readPreferences.ts";
import { defineFunction } from "../_shared/http/defineFunction.ts";
import { perMinute } from "../_shared/http/rateLimitPolicy.ts";

const { ReadPreferencesInput, ReadPreferencesOutput, readPreferences } = read;
const { PatchPreferencesInput, PatchPreferencesOutput, patchPreferences } = patched;
const { ForgetPreferencesInput, ForgetPreferencesOutput, forgetPreferences } = forgotten;
const rateLimit = perMinute(120);

export default defineFunction({
  name: "preferences-live",
  summary: "Show a shopper what is known of them and why; mute, opt out, forget",
  auth: ["user", "publishable"],
  methods: {
    GET: { input: ReadPreferencesInput, output: ReadPreferencesOutput, rateLimit, handler: readPreferences },
    PATCH: { input: PatchPreferencesInput, output: PatchPreferencesOutput, rateLimit, handler: patchPreferences },
    DELETE: { input: ForgetPreferencesInput, output: ForgetPreferencesOutput, rateLimit, handler: forgetPreferences },
  },
});

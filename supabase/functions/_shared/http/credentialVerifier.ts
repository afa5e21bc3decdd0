/** Named alone, so that a bundler leaves out the rest of the package and the clients it brings: 0.7 MB a function. */
export { verifyCredentials } from "@supabase/server/core";

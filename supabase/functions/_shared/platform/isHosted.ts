import { denoPlatform } from "./denoPlatform.ts";
import type { Platform } from "./platform.ts";

/**
 * Is this the hosted runtime, where real people's requests are answered? Told by what only it sets: a region that is not
 * `local`, the deployment's id, or the address of a hosted project.
 */
export function isHosted(platform: Pick<Platform, "env"> = denoPlatform): boolean {
  const region = platform.env("SB_REGION") ?? platform.env("DENO_REGION");
  if (region !== undefined && region !== "local") return true;
  if (platform.env("DENO_DEPLOYMENT_ID") !== undefined) return true;
  return /^https:\/\/[a-z0-9-]+\.supabase\.(?:co|in|red)(?:[:/]|$)/i.test(platform.env("SUPABASE_URL") ?? "");
}

import { supabaseCli } from "../supabaseCli.ts";
import { type Deployed, ManagementApi } from "./managementApi.ts";

/** What came of a deploy to the stand-in. */
export interface DeployResult {
  readonly success: boolean;
  readonly output: string;
  readonly deployed: ReadonlyMap<string, Deployed>;
  /** What went wrong although the CLI was content. */
  readonly complaints: readonly string[];
}

const projectRef = "ballastrehearsalproj"; // Twenty letters, as the platform's are.
const token = `sbp_${"0123456789".repeat(4)}`;

/** Runs the real `supabase functions deploy --use-api` on the checkout at `root`, against a stand-in on this machine. */
export async function deployWithCli(root: string): Promise<DeployResult> {
  await using api = new ManagementApi(projectRef, token);
  const profile = await Deno.makeTempFile({ suffix: ".yaml" });
  try {
    const hosts = ["api_url", "dashboard_url", "docs_url"].map((key) => `${key}: ${api.url}\n`).join("");
    await Deno.writeTextFile(profile, `name: rehearsal\n${hosts}project_host: 127.0.0.1\n`);
    const { success, stdout, stderr } = await supabaseCli(
      ["functions", "deploy", "--use-api", `--remote=${projectRef}`, "--profile", profile, "--yes"],
      { cwd: root, env: { SUPABASE_ACCESS_TOKEN: token } },
    );
    const notLive = [...api.deployed.keys()].filter((name) => !api.live.has(name));
    return {
      success,
      output: stdout + stderr,
      deployed: api.deployed,
      complaints: [
        ...api.unknown.map((request) => `The CLI asked for something the stand-in does not know: ${request}`),
        ...notLive.map((name) => `'${name}' was uploaded, but not made live`),
      ],
    };
  } finally {
    await Deno.remove(profile);
  }
}

import { ensureBinary } from "./realBinaries.ts";

/** What came of a command of the Supabase CLI. */
export interface CliResult {
  readonly success: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs the real Supabase CLI in `cwd`, with a home of its own: it neither reads the developer's login nor leaves
 * anything there, and reports to nobody.
 */
export async function supabaseCli(
  args: readonly string[],
  options: { cwd: string; env?: Readonly<Record<string, string>> },
): Promise<CliResult> {
  const { cwd, env = {} } = options;
  const home = await Deno.makeTempDir({ prefix: "ballast-cli-" });
  try {
    const { success, stdout, stderr } = await new Deno.Command(await ensureBinary("supabase"), {
      args: [...args],
      cwd,
      env: { HOME: home, SUPABASE_TELEMETRY_DISABLED: "1", DO_NOT_TRACK: "1", NO_COLOR: "1", ...env },
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).output();
    const decoder = new TextDecoder();
    return { success, stdout: decoder.decode(stdout), stderr: decoder.decode(stderr) };
  } finally {
    await Deno.remove(home, { recursive: true });
  }
}

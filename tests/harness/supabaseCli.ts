import { ensureBinary } from "../../tools/realBinaries.ts";
import { projectFolder } from "./projectFolder.ts";

/** What the CLI said. */
export interface CliResult {
  readonly isSuccess: boolean;
  readonly output: string;
}

/** Runs the real Supabase CLI against the database at `url`, in this checkout or in the project at `folder`. */
export async function supabaseCli(
  args: readonly string[],
  options: { url: string; /** @default this checkout */ folder?: string },
): Promise<CliResult> {
  const { url, folder = projectFolder } = options;
  const { success, stdout, stderr } = await new Deno.Command(await ensureBinary("supabase"), {
    args: [...args, `--remote=${url}?sslmode=disable`, "--workdir", folder],
    env: { NO_COLOR: "1", DO_NOT_TRACK: "1", SUPABASE_TELEMETRY_DISABLED: "1" },
    cwd: folder,
    stdin: "null",
  }).output();
  const decoder = new TextDecoder();
  return { isSuccess: success, output: `${decoder.decode(stdout)}\n${decoder.decode(stderr)}` };
}

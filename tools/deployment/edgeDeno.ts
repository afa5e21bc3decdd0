import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { projectRoot } from "../projectRoot.ts";
import { edgeDenoEnv, ensureBinary } from "../realBinaries.ts";
import type { Upload } from "./upload.ts";

/** What a command on the hosted runtime's Deno came to. */
export interface EdgeResult {
  readonly success: boolean;
  readonly output: string;
}

const isolate = join(projectRoot, "tools", "deployment", "edgeIsolate.ts");

async function run(args: readonly string[], cwd: string): Promise<EdgeResult> {
  const { success, stdout, stderr } = await new Deno.Command(await ensureBinary("deno-edge"), {
    args: [...args],
    cwd,
    env: edgeDenoEnv(),
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).output();
  const decoder = new TextDecoder();
  return { success, output: decoder.decode(stdout) + decoder.decode(stderr) };
}

/**
 * Type-checks uploads on Deno 2.1.4 and TypeScript 5.6, as strictly as the checkout is. Each stands in a folder of its
 * own inside `folder`; one process for all, as most of the time goes into the packages' types, which they share.
 */
export async function edgeCheck(uploads: readonly Upload[], folder: string): Promise<EdgeResult> {
  const { compilerOptions } = JSON.parse(await Deno.readTextFile(join(projectRoot, "deno.json"))) as {
    compilerOptions: Record<string, unknown>;
  };
  const config = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(config, JSON.stringify({ compilerOptions }));
    const map = join(folder, uploads[0]!.name, uploads[0]!.importMap); // The one import map there is.
    const entries = uploads.map(({ name, entrypoint }) => join(folder, name, entrypoint));
    return await run(["check", "--no-lock", "--config", config, "--import-map", map, ...entries], folder);
  } finally {
    await Deno.remove(config);
  }
}

/** Fetches the packages an upload needs into the cache, so that booting needs no network. */
export async function edgeCache(upload: Upload, folder: string): Promise<EdgeResult> {
  const map = join(folder, upload.importMap);
  return await run(["cache", "--no-lock", "--no-config", "--import-map", map, upload.entrypoint], folder);
}

/** The command that boots an upload's entry as the hosted runtime would, from its cached packages alone. */
export async function edgeCommand(
  upload: Upload,
  folder: string,
  options: { mode: "serve" | "load"; env: Readonly<Record<string, string>> },
): Promise<Deno.Command> {
  const flags = ["--no-lock", "--no-config", "--no-check", "--cached-only", "--no-prompt"];
  // No disk to write, no subprocess, no FFI: the runtime has none either.
  const permissions = ["--allow-net", "--allow-env", "--allow-sys", `--allow-read=${folder}`];
  const map = join(folder, upload.importMap);
  const entry = pathToFileURL(join(folder, upload.entrypoint)).href;
  return new Deno.Command(await ensureBinary("deno-edge"), {
    args: ["run", ...flags, ...permissions, "--import-map", map, isolate, entry, options.mode],
    cwd: folder,
    clearEnv: true,
    env: { ...edgeDenoEnv(), ...options.env },
    stdin: options.mode === "load" ? "piped" : "null",
    stdout: "piped",
    stderr: "piped",
  });
}

import { join } from "node:path";
import { projectRoot } from "./projectRoot.ts";

/** Where each real binary comes from: the one place that names their versions. */
const table = {
  "deno-edge": { npmPackage: "deno", version: "2.1.4", scope: "@deno", file: "deno" },
  "supabase": { npmPackage: "supabase", version: "3.1.0", scope: "@supabase", file: "bin/supabase" },
} as const;

/** A binary that the tools run: the hosted runtime's Deno, or the Supabase CLI. */
export type BinaryName = keyof typeof table;

const toolsFolder = join(projectRoot, ".ballast", "tools");
const ready = new Map<BinaryName, Promise<string>>();

/**
 * The path of a real binary, installed from npm at first use and kept under `.ballast/tools`. Platform binaries come as
 * optional dependencies, so no install script runs. The raw binaries are
 * used: the packages' Node shims cost 120 ms (Deno) and 190 ms (CLI) a start.
 */
export function ensureBinary(name: BinaryName): Promise<string> {
  const known = ready.get(name);
  if (known !== undefined) return known;
  const path = findOrInstall(name);
  ready.set(name, path);
  return path;
}

/** What the hosted Deno needs around it: the system's certificates, and a cache of its own. */
export function edgeDenoEnv(): Record<string, string> {
  return {
    DENO_TLS_CA_STORE: "system,mozilla",
    DENO_DIR: join(projectRoot, ".ballast", `deno-${table["deno-edge"].version}`),
    DENO_NO_UPDATE_CHECK: "1",
    DENO_NO_PROMPT: "1",
    NO_COLOR: "1",
  };
}

async function findOrInstall(name: BinaryName): Promise<string> {
  const { npmPackage, version } = table[name];
  const folder = join(toolsFolder, `${npmPackage}-${version}`);
  const found = await findBinary(name, folder);
  if (found !== undefined) return found;

  await Deno.mkdir(toolsFolder, { recursive: true });
  using lock = await Deno.open(`${folder}.lock`, { create: true, write: true });
  await lock.lock(true); // Held by the process, not by the file's existence: a killed installer leaves no stale lock.
  const meanwhile = await findBinary(name, folder);
  if (meanwhile !== undefined) return meanwhile;

  const draft = await Deno.makeTempDir({ dir: toolsFolder, prefix: `${npmPackage}-` });
  try {
    await npmInstall(draft, `${npmPackage}@${version}`);
    await Deno.remove(folder, { recursive: true }).catch(() => undefined);
    await Deno.rename(draft, folder);
  } catch (cause) {
    await Deno.remove(draft, { recursive: true }).catch(() => undefined);
    throw cause;
  }
  const installed = await findBinary(name, folder);
  if (installed !== undefined) return installed;
  throw new Error(
    `Cannot find the binary of '${npmPackage}@${version}': this system may have none (${Deno.build.target})`,
  );
}

async function npmInstall(prefix: string, spec: string): Promise<void> {
  const npm = Deno.build.os === "windows" ? "npm.cmd" : "npm";
  const flags = ["--no-audit", "--no-fund", "--ignore-scripts", "--include=optional", "--loglevel=error"];
  const { success, stderr } = await new Deno.Command(npm, {
    args: ["install", "--prefix", prefix, ...flags, spec],
    cwd: prefix,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot install '${spec}' with npm: ${new TextDecoder().decode(stderr).trim()}`);
}

async function findBinary(name: BinaryName, folder: string): Promise<string | undefined> {
  const { scope, file } = table[name];
  const scopeFolder = join(folder, "node_modules", scope);
  const suffix = Deno.build.os === "windows" ? ".exe" : "";
  try {
    for await (const entry of Deno.readDir(scopeFolder)) {
      const path = join(scopeFolder, entry.name, file + suffix);
      if (await Deno.stat(path).then((info) => info.isFile, () => false)) return path;
    }
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
  return undefined;
}

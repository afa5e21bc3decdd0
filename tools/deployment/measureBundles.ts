import { join } from "node:path";
import { edgeCache } from "./edgeDeno.ts";
import { measureLoad } from "./measureLoad.ts";
import { type Upload, uploadBytes, writeUpload } from "./upload.ts";

/** How large a function is, and how long its modules take to load. */
export interface Bundle {
  readonly name: string;
  /** The files that a deploy uploads. */
  readonly sourceBytes: number;
  /** Every module the function imports, packages included, as plain JavaScript. */
  readonly bundleBytes: number;
  /** The quickest of several loads, each in a fresh process: what other work on the machine adds is left out. */
  readonly loadMs: number;
}

/** How an upload is measured. */
export interface MeasureOptions {
  /** @default 7 */
  readonly loads?: number;
  /** While no load was as quick as this, up to four times as many are tried: a busy machine is no slow function. */
  readonly enoughMs?: number;
}

/** Measures an upload from its files alone: the bundle with our Deno, the load time on the hosted runtime's. */
export async function measureBundle(upload: Upload, options: MeasureOptions = {}): Promise<Bundle> {
  const { loads = 7, enoughMs = Infinity } = options;
  const folder = await Deno.makeTempDir({ prefix: "ballast-bundle-" });
  try {
    await writeUpload(upload, folder);
    const cached = await edgeCache(upload, folder);
    if (!cached.success) throw new Error(`Cannot fetch the packages of '${upload.name}': ${cached.output.trim()}`);
    const times: number[] = [];
    const isOpen = () => times.length < loads || (Math.min(...times) > enoughMs && times.length < 4 * loads);
    while (isOpen()) times.push(await measureLoad(upload, folder));
    return {
      name: upload.name,
      sourceBytes: uploadBytes(upload),
      bundleBytes: await bundle(upload, folder),
      loadMs: Math.min(...times),
    };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function bundle(upload: Upload, folder: string): Promise<number> {
  const target = join(folder, "bundle.js");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=none", "--platform", "deno"],
      ...["--import-map", upload.importMap, "-o", target, upload.entrypoint],
    ],
    cwd: folder,
    env: { NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot bundle '${upload.name}': ${new TextDecoder().decode(stderr).trim()}`);
  return (await Deno.stat(target)).size;
}

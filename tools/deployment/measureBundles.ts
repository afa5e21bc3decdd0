import { join } from "node:path";
import { edgeCache } from "./edgeDeno.ts";
import { measureLoad } from "./measureLoad.ts";
import { measureLoads, type MeasureLoadsOptions } from "./measureLoads.ts";
import { type Upload, uploadBytes, writeUpload } from "./upload.ts";
import { yardstick } from "./yardstick.ts";

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

/** The figures of one run on one machine. */
export interface MeasuredBundles {
  readonly bundles: readonly Bundle[];
  /** The quickest load of the yardstick, in turn with those of the functions. */
  readonly yardstickMs: number;
}

/** How uploads are measured. */
export interface MeasureBundlesOptions extends Omit<MeasureLoadsOptions, "isEnough"> {
  /** Are the figures so far enough? While they are not, loads are added. @default () => true */
  readonly isEnough?: (measured: MeasuredBundles) => boolean;
}

/** Measures uploads from their files alone: the bundle with our Deno, the load time on the hosted runtime's. */
export async function measureBundles(
  uploads: readonly Upload[],
  options: MeasureBundlesOptions = {},
): Promise<MeasuredBundles> {
  const { isEnough = () => true, ...rounds } = options;
  const root = await Deno.makeTempDir({ prefix: "ballast-bundles-" });
  try {
    const sizes = new Map<string, number>();
    for (const upload of [yardstick, ...uploads]) {
      const folder = join(root, upload.name);
      await writeUpload(upload, folder);
      const cached = await edgeCache(upload, folder);
      if (!cached.success) throw new Error(`Cannot fetch the packages of '${upload.name}': ${cached.output.trim()}`);
      if (upload !== yardstick) sizes.set(upload.name, await bundle(upload, folder));
    }
    const toMeasured = (quickest: ReadonlyMap<string, number>): MeasuredBundles => ({
      bundles: uploads.map((upload) => ({
        name: upload.name,
        sourceBytes: uploadBytes(upload),
        bundleBytes: sizes.get(upload.name)!,
        loadMs: quickest.get(upload.name)!,
      })),
      yardstickMs: quickest.get(yardstick.name)!,
    });
    const subjects = [yardstick, ...uploads].map((upload) => ({
      name: upload.name,
      load: () => measureLoad(upload, join(root, upload.name)),
    }));
    return toMeasured(await measureLoads(subjects, { ...rounds, isEnough: (found) => isEnough(toMeasured(found)) }));
  } finally {
    await Deno.remove(root, { recursive: true });
  }
}

/**
 * What packages ask for without depending on it, in code that we never call: `toProto` of `@datadog/sketches-js`. At run time
 * nobody looks for it; a bundler does.
 */
const unasked = ["protobufjs/minimal"];

async function bundle(upload: Upload, folder: string): Promise<number> {
  const target = join(folder, "bundle.js");
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: [
      ...["bundle", "--quiet", "--no-config", "--no-lock", "--node-modules-dir=none", "--platform", "deno"],
      ...unasked.map((name) => `--external=${name}`),
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

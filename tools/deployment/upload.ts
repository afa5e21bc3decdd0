import { dirname, join } from "node:path";

/** What a deploy sends of one function: all that the hosted bundler gets to see. */
export interface Upload {
  readonly name: string;
  /** Path relative to the checkout -> content. */
  readonly files: ReadonlyMap<string, string>;
  readonly entrypoint: string;
  readonly importMap: string;
}

/** The size of all files of an upload. */
export function uploadBytes(upload: Upload): number {
  const encoder = new TextEncoder();
  return [...upload.files.values()].reduce((sum, text) => sum + encoder.encode(text).length, 0);
}

/** Writes an upload into an empty folder, so that nothing else of the checkout is in reach. */
export async function writeUpload(upload: Upload, folder: string): Promise<void> {
  for (const [path, text] of upload.files) {
    const target = join(folder, path);
    await Deno.mkdir(dirname(target), { recursive: true });
    await Deno.writeTextFile(target, text);
  }
}

import { dirname, join } from "node:path";
import { readTree } from "../../tools/checkers/sourceTree.ts";
import { projectRoot } from "../../tools/projectRoot.ts";

/** A copy of the checkout's text files in a folder of its own, gone after the test. */
export async function projectCopy(): Promise<AsyncDisposable & { readonly root: string }> {
  const root = await Deno.makeTempDir({ prefix: "ballast-copy-" });
  for (const [path, text] of await readTree(projectRoot)) {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  }
  return { root, [Symbol.asyncDispose]: () => Deno.remove(root, { recursive: true }) };
}

/** Lays out a new function: `deno task new:function <name> [--domain <name>]`. */
import { dirname, join } from "node:path";
import { print } from "./print.ts";
import { projectRoot } from "./projectRoot.ts";
import { functionFiles, functionNamesOf, withConfigBlock, withReadmeRow } from "./scaffold/functionTemplate.ts";

/**
 * Writes the folder, contract, use case, test, config block and README row of a function into the checkout at `root`,
 * and gives back the paths it wrote. It never overwrites: a name that is taken is an error, and nothing is written.
 */
export async function newFunction(root: string, name: string, domain?: string): Promise<string[]> {
  const wellNamed = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
  for (const each of [name, ...(domain === undefined ? [] : [domain])]) {
    if (!wellNamed.test(each)) {
      throw new Error(`Cannot make a function named '${each}': a name is lower case with dashes, as in 'cart-add'`);
    }
  }
  const files = functionFiles(functionNamesOf(name, domain));
  for (const path of files.keys()) {
    if (await exists(join(root, path))) {
      throw new Error(`Cannot make the function '${name}' as ${path} is there already`);
    }
  }
  const change = async (path: string, edit: (text: string, name: string) => string) => {
    files.set(path, edit(await Deno.readTextFile(join(root, path)), name));
  };
  await change("supabase/config.toml", withConfigBlock);
  await change("README.md", withReadmeRow);
  for (const [path, text] of files) {
    await Deno.mkdir(dirname(join(root, path)), { recursive: true });
    await Deno.writeTextFile(join(root, path), text);
  }
  await format(root, [...files.keys()].filter((path) => /\.(ts|md)$/.test(path)));
  return [...files.keys()];
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

/** Aligns the README's table to its new row, and wraps lines that a long name has made too long. */
async function format(root: string, paths: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["fmt", "--quiet", ...paths],
    cwd: root,
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`Cannot format the new files: ${new TextDecoder().decode(stderr)}`);
}

if (import.meta.main) {
  const [name, flag, domain] = Deno.args;
  if (name === undefined || (flag !== undefined && (flag !== "--domain" || domain === undefined))) {
    print("Usage: deno task new:function <name> [--domain <name>]");
    Deno.exit(2);
  }
  try {
    for (const path of await newFunction(projectRoot, name, domain)) print(`wrote ${path}`);
    print("\nNext: say what it is for, run `deno task gen:openapi`, and `deno task ok`");
  } catch (error) {
    print(error instanceof Error ? error.message : String(error));
    Deno.exit(1);
  }
}

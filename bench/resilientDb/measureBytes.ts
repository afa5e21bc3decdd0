import { fileURLToPath } from "node:url";

/** Bytes allocated a call, by the side's label. */
export type AllocatedBytes = Readonly<Record<string, { readonly insert: number; readonly select: number }>>;

/** Counts what calls allocate, in a process of its own whose young generation holds all of it. */
export async function measureBytes(url: string): Promise<AllocatedBytes> {
  const script = fileURLToPath(new URL("./allocate.ts", import.meta.url));
  const flags = "--v8-flags=--expose-gc,--min-semi-space-size=256,--max-semi-space-size=256";
  const { success, stdout } = await new Deno.Command(Deno.execPath(), {
    args: ["run", "--quiet", "-A", flags, script, url],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error("Cannot count allocated bytes: the process failed");
  return JSON.parse(new TextDecoder().decode(stdout));
}

import { edgeCommand } from "./edgeDeno.ts";
import { hostedEnv } from "./hostedEnv.ts";
import type { Upload } from "./upload.ts";

/**
 * How long an upload's modules take to load on Deno 2.1.4, in a fresh process. On Linux the time its main thread stood in
 * the queue for a processor is taken off: that is other processes' work. Elsewhere it is the wall clock's time.
 */
export async function measureLoad(upload: Upload, folder: string): Promise<number> {
  const command = await edgeCommand(upload, folder, { mode: "load", env: hostedEnv() });
  const child = command.spawn();
  const errors = new Response(child.stderr).text();
  const lines = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const go = child.stdin.getWriter();
  try {
    await lines.read();
    const queuedBefore = await queuedMs(child.pid);
    await go.write(new Uint8Array([1]));
    const { loadMs } = JSON.parse((await lines.read()).value ?? "") as { loadMs: number };
    return loadMs - (await queuedMs(child.pid) - queuedBefore);
  } catch (cause) {
    throw new Error(`Cannot load '${upload.name}' on Deno 2.1.4: ${(await errors).trim()}`, { cause });
  } finally {
    await go.close().catch(() => undefined);
    await lines.cancel();
    await child.status;
    await errors;
  }
}

/** How long the main thread of a process has waited for a processor since it began; 0 where the system does not tell. */
async function queuedMs(pid: number): Promise<number> {
  const text = await Deno.readTextFile(`/proc/${pid}/schedstat`).catch(() => "0 0 0");
  return Number(text.split(" ")[1] ?? 0) / 1_000_000;
}

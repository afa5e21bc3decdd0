/** The memory of the isolates that this process has started, together, in MB, where the system tells: on Linux. */
export async function residentMegabytes(): Promise<number | undefined> {
  let total = 0;
  try {
    for await (const { name } of Deno.readDir("/proc")) {
      if (!/^\d+$/.test(name)) continue;
      const status = await Deno.readTextFile(`/proc/${name}/status`).catch(() => "");
      if (!/^Name:\s+deno/m.test(status)) continue;
      if (Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1]) !== Deno.pid) continue;
      total += Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) / 1_024;
    }
  } catch {
    return undefined; // There is no such folder elsewhere.
  }
  return Math.round(total);
}

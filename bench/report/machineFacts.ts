import { arch, availableParallelism, cpus, loadavg, totalmem, type } from "node:os";

/** The machine in a line: figures mean nothing without it. */
export function machineFacts(): string {
  const model = cpus()[0]?.model.trim() ?? "unknown CPU";
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${model}, ${availableParallelism()} cores, ${memory} GB, ${type()} ${arch()}, Deno ${Deno.version.deno}`;
}

/** How busy the machine was with other things; above a few tenths a core the figures suffer. */
export function loadBefore(): string {
  return loadavg()[0]!.toFixed(1);
}

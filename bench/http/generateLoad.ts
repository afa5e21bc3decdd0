// The load generator for machines without wrk: connections that each ask, read the whole answer, and ask again.
import type { Load, LoadOptions } from "./measureLoad.ts";

const { url, headers, connections, seconds } = JSON.parse(Deno.args[0]!) as LoadOptions;
const { hostname, port, pathname, search, host } = new URL(url);
const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
const request = new TextEncoder().encode(`GET ${pathname}${search} HTTP/1.1\r\nhost: ${host}\r\n${head}\r\n`);
const decoder = new TextDecoder("latin1");
const until = performance.now() + seconds * 1_000;
const latencies: number[] = [];

async function ask(): Promise<void> {
  using connection = await Deno.connect({ hostname, port: Number(port) });
  const buffer = new Uint8Array(65_536);
  while (performance.now() < until) {
    const startedAt = performance.now();
    await connection.write(request);
    let text = "";
    for (let end = -1; end === -1 || text.length < end;) {
      const read = await connection.read(buffer);
      if (read === null) throw new Error("The server closed the connection");
      text += decoder.decode(buffer.subarray(0, read));
      const bodyAt = text.indexOf("\r\n\r\n");
      if (bodyAt !== -1) end = bodyAt + 4 + Number(/content-length: (\d+)/i.exec(text)?.[1] ?? NaN);
    }
    if (!text.startsWith("HTTP/1.1 200")) throw new Error(text.slice(0, 300));
    latencies.push(performance.now() - startedAt);
  }
}

await Promise.all(Array.from({ length: connections }, ask));
latencies.sort((a, b) => a - b);
const at = (fraction: number) => latencies[Math.floor(fraction * (latencies.length - 1))]!;
const load: Load = { requestsPerSecond: latencies.length / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
Deno.stdout.writeSync(new TextEncoder().encode(JSON.stringify(load)));

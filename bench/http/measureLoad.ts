/** What a round of load found. */
export interface Load {
  readonly requestsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** What to ask, how hard and how long. */
export interface LoadOptions {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly connections: number;
  readonly seconds: number;
}

/** A load generator: a process of its own, so that it does not share the event loop of what it measures. */
export interface LoadGenerator {
  readonly name: string;
  measure(options: LoadOptions): Promise<Load>;
}

async function run(command: string, args: string[]): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command(command, { args }).output();
  const decoder = new TextDecoder();
  if (!success) throw new Error(`Cannot measure the load: ${decoder.decode(stderr)}`);
  return decoder.decode(stdout);
}

const unitsMs: Record<string, number> = { us: 1e-3, ms: 1, s: 1_000 };

function durationMs(text: string, label: string): number {
  const match = new RegExp(`${label}\\s+([\\d.]+)(us|ms|s)`).exec(text);
  if (match === null) throw new Error(`Cannot read '${label}' in the answer of wrk: ${text}`);
  return Number(match[1]) * unitsMs[match[2]!]!;
}

const wrk: LoadGenerator = {
  name: "wrk",
  async measure({ url, headers, connections, seconds }) {
    const headerArgs = Object.entries(headers).flatMap(([name, value]) => ["-H", `${name}: ${value}`]);
    const text = await run("wrk", ["-t1", `-c${connections}`, `-d${seconds}s`, "--latency", ...headerArgs, url]);
    // Half a throughput of errors would look like a good one.
    if (/Non-2xx|Socket errors/.test(text)) throw new Error(`Cannot measure as requests failed: ${text}`);
    const perSecond = /Requests\/sec:\s+([\d.]+)/.exec(text);
    return {
      requestsPerSecond: Number(perSecond?.[1]),
      p50Ms: durationMs(text, "50%"),
      p99Ms: durationMs(text, "99%"),
    };
  },
};

const builtIn: LoadGenerator = {
  name: "a keep-alive generator in TypeScript",
  async measure(options) {
    const script = new URL("./generateLoad.ts", import.meta.url).href;
    return JSON.parse(await run(Deno.execPath(), ["run", "--quiet", "--allow-net", script, JSON.stringify(options)]));
  },
};

/** wrk where it is installed, else a generator of our own: slower itself, so that its figures compare less sharply. */
export async function findLoadGenerator(): Promise<LoadGenerator> {
  const hasWrk = await new Deno.Command("wrk", { args: ["-v"], stdout: "null", stderr: "null" }).output()
    .then(() => true, () => false);
  return hasWrk ? wrk : builtIn;
}

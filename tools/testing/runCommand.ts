/** What came of a command. */
export interface CommandResult {
  /** The exit code; 124 when the time was up. */
  readonly code: number;
  /** Both outputs, in the order they came. */
  readonly output: string;
}

/** How a command runs. */
export interface CommandOptions {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Ends the command and all it started. */
  readonly signal: AbortSignal;
  /** Hears each line as it comes. */
  readonly onLine?: (line: string) => void;
}

/**
 * Runs a command in a process group of its own and collects what it says. On abort the whole group goes: first politely,
 * and 5 s later for good, so that no server started by a test outlives it.
 */
export async function runCommand(command: string, options: CommandOptions): Promise<CommandResult> {
  const { args, cwd, env = {}, signal, onLine = () => {} } = options;
  const isGroup = Deno.build.os !== "windows";
  const child = new Deno.Command(command, {
    args: [...args],
    cwd,
    env: { NO_COLOR: "1", DENO_NO_PROMPT: "1", DENO_NO_UPDATE_CHECK: "1", ...env },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
    detached: isGroup,
  }).spawn();
  const kill = (name: Deno.Signal) => {
    try {
      if (isGroup) Deno.kill(-child.pid, name);
      else child.kill(name);
    } catch {
      // Gone already.
    }
  };
  let lastResort: ReturnType<typeof setTimeout> | undefined;
  const onAbort = () => {
    kill("SIGTERM");
    lastResort = setTimeout(() => kill("SIGKILL"), 5_000);
  };
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();

  const parts: string[] = [];
  const collect = async (stream: ReadableStream<Uint8Array<ArrayBuffer>>) => {
    let rest = "";
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      parts.push(text);
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      lines.forEach(onLine);
    }
  };
  const outputs = Promise.all([collect(child.stdout), collect(child.stderr)]);
  const status = await child.status;
  // A grandchild that kept the pipes open would keep us waiting: the group ends with its leader.
  kill("SIGTERM");
  const grace = setTimeout(() => kill("SIGKILL"), 3_000);
  await outputs;
  clearTimeout(grace);
  clearTimeout(lastResort);
  signal.removeEventListener("abort", onAbort);
  return { code: signal.aborted ? 124 : status.code, output: parts.join("") };
}

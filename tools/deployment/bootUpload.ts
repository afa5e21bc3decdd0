import { edgeCache, edgeCommand } from "./edgeDeno.ts";
import { hostedEnv } from "./hostedEnv.ts";
import { type Upload, writeUpload } from "./upload.ts";

/** A function that runs on the hosted runtime's Deno, from the files of its upload alone. */
export interface BootedFunction extends AsyncDisposable {
  /** Asks the function; an isolate that dies over a request says its last words in the error. */
  ask(init?: RequestInit): Promise<Response>;
  /** How long the import of its entry took. */
  readonly loadMs: number;
}

/** How a function boots. */
export interface BootOptions {
  /** Added to what the hosted runtime sets. @default {} */
  readonly env?: Readonly<Record<string, string>>;
  /** @default 20_000 */
  readonly timeoutMs?: number;
}

/** Writes an upload into a fresh folder and boots it there on Deno 2.1.4. Disposing ends it and removes the folder. */
export async function bootUpload(upload: Upload, options: BootOptions = {}): Promise<BootedFunction> {
  const { env = {}, timeoutMs = 20_000 } = options;
  const folder = await Deno.makeTempDir({ prefix: "ballast-edge-" });
  const removeFolder = () => Deno.remove(folder, { recursive: true });
  try {
    await writeUpload(upload, folder);
    const cached = await edgeCache(upload, folder);
    if (!cached.success) throw new Error(`Cannot fetch the packages of '${upload.name}': ${cached.output.trim()}`);
    const command = await edgeCommand(upload, folder, { mode: "serve", env: { ...hostedEnv(), ...env } });
    const child = command.spawn();
    const said = new Collector(child.stderr);
    const ready = await firstLine(child, timeoutMs);
    if (ready?.port === undefined) {
      stop(child);
      await child.status;
      throw new Error(`Cannot boot '${upload.name}' on Deno 2.1.4: ${ready?.error ?? await said.text()}`);
    }
    return {
      async ask(init) {
        try {
          return await fetch(`http://127.0.0.1:${ready.port}/${upload.name}`, init);
        } catch (cause) {
          await endOf(child, 2_000); // It may still be writing why.
          throw new Error(`Cannot get an answer from '${upload.name}': ${(await said.text()).trim() || cause}`, {
            cause,
          });
        }
      },
      loadMs: ready.loadMs ?? 0,
      async [Symbol.asyncDispose]() {
        stop(child);
        await child.status;
        await said.text();
        await removeFolder();
      },
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

interface Ready {
  readonly port?: number;
  readonly loadMs?: number;
  readonly error?: string;
}

async function firstLine(child: Deno.ChildProcess, timeoutMs: number): Promise<Ready | undefined> {
  const timeout = setTimeout(() => stop(child), timeoutMs);
  let text = "";
  try {
    const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
    while (!text.includes("\n")) {
      const { value, done } = await reader.read();
      if (done) return undefined;
      text += value;
    }
    void drain(reader);
    return JSON.parse(text.slice(0, text.indexOf("\n"))) as Ready;
  } finally {
    clearTimeout(timeout);
  }
}

async function drain(reader: ReadableStreamDefaultReader<string>): Promise<void> {
  while (!(await reader.read()).done);
}

/** Waits for the process to end, and ends it when the time is up. */
async function endOf(child: Deno.ChildProcess, patienceMs: number): Promise<void> {
  const patience = setTimeout(() => stop(child), patienceMs);
  await child.status;
  clearTimeout(patience);
}

function stop(child: Deno.ChildProcess): void {
  try {
    child.kill("SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Keeps reading a stream, so that its writer never blocks, and has its text at the end. */
class Collector {
  readonly #text: Promise<string>;

  constructor(stream: ReadableStream<Uint8Array<ArrayBuffer>>) {
    this.#text = new Response(stream).text();
  }

  text(): Promise<string> {
    return this.#text;
  }
}

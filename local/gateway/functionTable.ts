import { captureServe, type ServeHandler } from "./captureServe.ts";

/** One function's state; each state has only what it needs. */
export type FunctionState =
  | { readonly kind: "unloaded" }
  | { readonly kind: "loading"; readonly loaded: Promise<FunctionState> }
  | { readonly kind: "ready"; readonly handler: ServeHandler }
  | { readonly kind: "failed"; readonly error: unknown };

/** Folders of this shape are functions, as for the Supabase CLI; `_shared` and its like are not. */
const functionName = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Names of the folders under `folder` that hold a function, sorted. */
export function listFunctions(folder: string): string[] {
  const names: string[] = [];
  for (const entry of Deno.readDirSync(folder)) {
    if (!entry.isDirectory || !functionName.test(entry.name)) continue;
    try {
      if (Deno.statSync(`${folder}/${entry.name}/index.ts`).isFile) names.push(entry.name);
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return names.sort();
}

/** The functions of one isolate. Each is imported at its first request or by `warm`, and fails on its own. */
export class FunctionTable {
  readonly #states = new Map<string, FunctionState>();
  readonly #served = new Map<string, PromiseWithResolvers<ServeHandler>>();
  readonly #baseUrl: string;
  readonly #onFailure: (name: string, error: unknown) => void;
  /** The runtime's own `Deno.serve`, as the global one belongs to the functions from here on. */
  readonly serve: typeof Deno.serve;

  constructor(folderUrl: URL, names: readonly string[], onFailure: (name: string, error: unknown) => void) {
    this.#baseUrl = folderUrl.href.endsWith("/") ? folderUrl.href : `${folderUrl.href}/`;
    this.#onFailure = onFailure;
    for (const name of names) this.#states.set(name, { kind: "unloaded" });
    this.serve = captureServe((handler, stack) => {
      for (const [name, served] of this.#served) {
        if (stack.includes(`${this.#baseUrl}${name}/`)) served.resolve(handler);
      }
    });
  }

  get names(): IterableIterator<string> {
    return this.#states.keys();
  }

  get(name: string): FunctionState | undefined {
    return this.#states.get(name);
  }

  /** Loads a function once; later calls get the same outcome. */
  load(name: string): Promise<FunctionState> {
    const state = this.#states.get(name);
    if (state?.kind === "loading") return state.loaded;
    if (state?.kind !== "unloaded") return Promise.resolve(state!);
    const loaded = this.#import(name).then(
      (handler): FunctionState => ({ kind: "ready", handler }),
      (error): FunctionState => {
        this.#onFailure(name, error);
        return { kind: "failed", error };
      },
    ).then((outcome) => {
      this.#states.set(name, outcome);
      return outcome;
    });
    this.#states.set(name, { kind: "loading", loaded });
    return loaded;
  }

  /** Loads all functions one after the other, so that first requests need not wait and failures show at once. */
  async warm(): Promise<void> {
    for (const name of this.names) await this.load(name);
  }

  async #import(name: string): Promise<ServeHandler> {
    const served = Promise.withResolvers<ServeHandler>();
    this.#served.set(name, served);
    const module = import(`${this.#baseUrl}${name}/index.ts`);
    // A module that awaits its server's end never finishes loading: its call of Deno.serve is enough.
    const exported = module.then(({ default: entry }: { default?: { fetch?: unknown } }): ServeHandler => {
      if (typeof entry?.fetch === "function") {
        const { fetch } = entry as { fetch(request: Request): Promise<Response> };
        return (request) => fetch.call(entry, request);
      }
      if (typeof entry === "function") return entry as ServeHandler;
      throw new TypeError(
        `Cannot serve '${name}' as its index.ts neither exports { fetch } as default nor calls Deno.serve`,
      );
    });
    return await Promise.race([served.promise, exported]).finally(() => this.#served.delete(name));
  }
}

/** A dependency that counts who reaches it, and is up or down as the bench says. */
export class Dependency implements AsyncDisposable {
  isUp = false;
  /** How long it takes to answer. */
  answerMs = 0;
  calls = 0;
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor() {
    this.#server = Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, async () => {
      this.calls++;
      if (this.answerMs > 0) await new Promise((resolve) => setTimeout(resolve, this.answerMs));
      return new Response(null, { status: this.isUp ? 204 : 503 });
    });
  }

  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}/`;
  }

  /** How many calls `work` lets through to it. */
  async count(work: () => Promise<unknown>): Promise<number> {
    const before = this.calls;
    await work();
    return this.calls - before;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

/** One benchmark; it always runs beside its peers, in one run. */
export interface Bench {
  /** What `deno task bench <name>` and the marked section of docs/benchmarks.md call it. */
  readonly name: string;
  readonly title: string;
  /** Measures, and gives the Markdown of its section, without heading and facts of the machine. */
  run(progress: (line: string) => void): Promise<string>;
}

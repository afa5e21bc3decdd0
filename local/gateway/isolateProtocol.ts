/** What the supervisor tells an isolate when it starts it. */
export interface IsolateSettings {
  readonly port: number;
  readonly hostname: string;
  readonly functionsFolder: string;
  readonly reusePort: boolean;
  /** How many isolates listen on the port already: new connections come to this one from its start on. */
  readonly peers: number;
  /** How long a retired isolate may take to finish. */
  readonly graceMs: number;
}

/** The line an isolate prints once it accepts requests, followed by its port. */
export const readyLine = "ballast-isolate-ready";

/** The line an isolate prints once it has closed its socket: others take all new connections. */
export const closedLine = "ballast-isolate-closed";

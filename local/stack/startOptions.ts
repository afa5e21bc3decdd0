import { parseArgs } from "node:util";

/** What `local/start.ts` was asked for. */
export interface StartOptions {
  /** Of the gateway; 0 takes any free one. */
  readonly port: number;
  /** Of Postgres; 0 takes any free one. */
  readonly dbPort: number;
  readonly isFresh: boolean;
  readonly isSeeded: boolean;
  readonly isHelp: boolean;
  /** Absent: the embedded Postgres. */
  readonly dbUrl?: string;
  /** Where data, keys and `stack.json` are kept; absent: `.ballast` of the checkout. */
  readonly home?: string;
}

/** What `--help` prints. */
export const helpText = `Brings the whole stack up on this machine and keeps it running until Ctrl-C.

  --port <number>     of the gateway; 0 takes any free one (default 54321)
  --db-port <number>  of Postgres; 0 takes any free one (default 54322)
  --fresh             wipe the local database first
  --db-url <url>      use this Postgres instead of the embedded one
  --no-seed           leave the demo data out
  --home <folder>     keep data, keys and stack.json there (default .ballast)
  --help              show this`;

const known = ["port", "db-port", "fresh", "db-url", "no-seed", "home", "help"];

function readPort(name: string, text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : NaN;
  if (!(port <= 65_535)) {
    throw new Error(`Cannot start as '--${name}' must be a port from 0 to 65535: got "${text}"`);
  }
  return port;
}

function readDbUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["postgres:", "postgresql:"].includes(url.protocol)) {
    throw new Error("Cannot start as '--db-url' must be postgresql://user:password@host:port/database");
  }
  return text;
}

/** Refuses what is not a flag of ours, naming it. */
function checkKnown(args: readonly string[]): void {
  const { tokens } = parseArgs({ args: [...args], strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind === "option" && !known.includes(token.name)) {
      throw new Error(`Cannot start as '${token.rawName}' is not known: the flags are --${known.join(", --")}`);
    }
  }
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        port: { type: "string", default: "54321" },
        "db-port": { type: "string" },
        fresh: { type: "boolean", default: false },
        "db-url": { type: "string" },
        "no-seed": { type: "boolean", default: false },
        home: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
  } catch (cause) {
    throw new Error(`Cannot start as a flag is not used rightly: ${(cause as Error).message}`, { cause });
  }
}

/** Reads the command line; throws an error that names the flag at fault. */
export function parseStartOptions(args: readonly string[]): StartOptions {
  checkKnown(args);
  const { values, positionals } = readFlags(args);
  if (positionals.length > 0) throw new Error(`Cannot start as "${positionals[0]}" is not a flag: see '--help'`);
  const dbUrl = values["db-url"];
  if (dbUrl !== undefined && (values.fresh || values["db-port"] !== undefined)) {
    const flag = values.fresh ? "--fresh" : "--db-port";
    throw new Error(`Cannot start as '${flag}' is for the embedded Postgres: leave it out with '--db-url'`);
  }
  const ports = [readPort("port", values.port), readPort("db-port", values["db-port"] ?? "54322")] as const;
  if (ports[0] === ports[1] && ports[0] !== 0) {
    throw new Error(`Cannot start as '--port' and '--db-port' are the same: got ${ports[0]}`);
  }
  return {
    port: ports[0],
    dbPort: ports[1],
    isFresh: values.fresh,
    isSeeded: !values["no-seed"],
    isHelp: values.help,
    ...(dbUrl === undefined ? {} : { dbUrl: readDbUrl(dbUrl) }),
    ...(values.home === undefined ? {} : { home: values.home }),
  };
}

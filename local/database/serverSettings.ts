/** What a server is tuned for: keeping a developer's data, or throwing tests' data away quickly. */
export type Durability = "durable" | "disposable";

const disposable = {
  fsync: "off",
  synchronous_commit: "off",
  full_page_writes: "off",
  autovacuum: "off",
  max_wal_size: "4GB",
  checkpoint_timeout: "1h",
};

/** The lines of `ballast.conf`, which the data folder's `postgresql.conf` includes. Written anew at every start. */
export function serverSettings(options: { port: number; durability: Durability }): string {
  const settings: Record<string, string> = {
    listen_addresses: "127.0.0.1",
    port: String(options.port),
    // The usual folder for sockets belongs to root; TCP serves everyone.
    unix_socket_directories: "",
    max_connections: options.durability === "durable" ? "200" : "300",
    shared_preload_libraries: "pg_stat_statements",
    timezone: "UTC",
    log_timezone: "UTC",
    ...(options.durability === "disposable" ? disposable : {}),
  };
  return Object.entries(settings).map(([name, value]) => `${name} = '${value}'\n`).join("");
}

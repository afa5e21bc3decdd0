const ownHosts = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Addresses that lead into the machine or the network that the function runs in, as URLs write numbers. */
const inward = [
  /^0\./,
  /^10\./,
  /^127\./,
  /^169\.254\./,
  /^172\.(?:1[6-9]|2\d|3[01])\./,
  /^192\.168\./,
  /^100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./,
  /^\[(?:::|f[cd]|fe[89ab])/,
];

/**
 * Reads the address of a receiver. Who sets it owns the project, so this guards against mistakes, not against them: https
 * alone, no name and password in it, and on the hosted platform no address that leads inward. What a name resolves to is not
 * looked at. On your own machine `http://localhost` is fine.
 */
export function sinkUrl(text: string, { isHosted }: { readonly isHosted: boolean }): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined) throw new TypeError("Cannot use the address as it is no URL");
  const isOwn = ownHosts.has(url.hostname) || url.hostname.endsWith(".localhost");
  if (url.username !== "" || url.password !== "") {
    throw new TypeError("Cannot use the address as it carries a name or a password");
  }
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isOwn && !isHosted)) {
    throw new TypeError("Cannot use the address as it must begin with https:");
  }
  if (isHosted && (isOwn || leadsInward(url.hostname))) {
    throw new TypeError("Cannot use the address as it leads inward");
  }
  return url;
}

function leadsInward(host: string): boolean {
  const isNumeric = host.startsWith("[") || /^[\d.]+$/.test(host);
  return isNumeric && inward.some((pattern) => pattern.test(host));
}

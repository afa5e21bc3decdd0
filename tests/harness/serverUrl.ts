import { startTestServer, type TestServer } from "./testServer.ts";

let joined: Promise<TestServer> | undefined;

/**
 * The maintenance database of the server that tests use, as superuser: the one of `BALLAST_TEST_DB_URL`, which the test
 * runner sets, else one that the test processes of this checkout share.
 */
export async function findServerUrl(): Promise<string> {
  const given = Deno.env.get("BALLAST_TEST_DB_URL");
  if (given) return given;
  joined ??= startTestServer().then((server) => {
    addEventListener("unload", () => server.leave());
    return server;
  });
  return (await joined).url;
}

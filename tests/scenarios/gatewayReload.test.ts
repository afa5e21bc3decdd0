import { deepEqual, equal, notEqual, ok, rejects } from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { freePort, isPortFree } from "../../local/database/freePort.ts";
import { waitUntil } from "../../local/database/waitUntil.ts";
import { startIsolatePool } from "../../local/gateway/isolatePool.ts";
import { serveFunctions } from "./servedFunctions.ts";

const answering = (text: string) => `export default { fetch: () => new Response(${JSON.stringify(text)}) };`;

/** One request on a connection of its own, as curl makes it. */
async function requestOnNewConnection(port: number, path: string): Promise<string> {
  using connection = await Deno.connect({ hostname: "127.0.0.1", port });
  const request = `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`;
  await connection.write(new TextEncoder().encode(request));
  const chunks = await Array.fromAsync(connection.readable.pipeThrough(new TextDecoderStream()));
  const [head, body] = chunks.join("").split("\r\n\r\n");
  ok(head?.startsWith("HTTP/1.1 200"), `Cannot read an answer: got "${head}"`);
  return body!;
}

Deno.test("a changed function is served under constant requests, and none is lost", async () => {
  await using served = await serveFunctions({ "hello/index.ts": answering("version 0") }, { watch: true });
  const path = "/functions/v1/hello";
  const seen = new Map<string, number>();
  const newest = { version: 0, isSeen: Promise.withResolvers<void>() };
  let isOver = false;
  const keepAsking = async (ask: () => Promise<string>) => {
    while (!isOver) {
      const text = await ask();
      seen.set(text, (seen.get(text) ?? 0) + 1);
      if (text === `version ${newest.version}`) newest.isSeen.resolve();
    }
  };
  const clients = [
    ...Array.from({ length: 2 }, () => keepAsking(async () => await (await fetch(served.url + path)).text())),
    ...Array.from({ length: 4 }, () => keepAsking(() => requestOnNewConnection(served.port, path))),
  ];
  const all = Promise.all(clients);
  try {
    await Promise.race([newest.isSeen.promise, all]);
    for (let version = 1; version <= 5; version++) {
      newest.version = version;
      newest.isSeen = Promise.withResolvers();
      await served.write("hello/index.ts", answering(`version ${version}`));
      await Promise.race([newest.isSeen.promise, all]);
    }
  } finally {
    isOver = true;
  }
  await all;
  deepEqual([...seen.keys()].sort(), Array.from({ length: 6 }, (_, version) => `version ${version}`));
});

Deno.test("two isolates are replaced under constant requests, and none is lost", async () => {
  await using served = await serveFunctions({ "hello/index.ts": answering("hello") }, { isolates: 2 });
  let isOver = false;
  const clients = Array.from({ length: 4 }, async () => {
    while (!isOver) equal(await requestOnNewConnection(served.port, "/functions/v1/hello"), "hello");
  });
  const before = served.pool.isolateIds;
  const all = Promise.all(clients);
  for (let round = 0; round < 3; round++) await Promise.race([served.pool.restart("hot-reload"), all]);
  isOver = true;
  await all;
  equal(served.pool.isolateIds.filter((id) => before.includes(id)).length, 0);
});

Deno.test("a changed import of a function is served, and a changed test restarts nothing", async () => {
  await using served = await serveFunctions({
    "hello/index.ts": `import { text } from "../_shared/text.ts"; export default { fetch: () => new Response(text) };`,
    "_shared/text.ts": `console.log("loaded one"); export const text = "one";`,
  }, { watch: true });
  await served.logged("loaded one");
  const [first] = served.pool.isolateIds;
  await served.write("hello/index.test.ts", "changed");
  await served.write("_shared/text.ts", `console.log("loaded two"); export const text = "two";`);
  await served.logged("loaded two");
  equal(await (await fetch(`${served.url}/functions/v1/hello`)).text(), "two");
  notEqual(served.pool.isolateIds[0], first);
  equal(served.logs.filter((line) => line.startsWith("loaded")).length, 2);
});

const retiring = `
  const work = Promise.withResolvers<void>();
  addEventListener("beforeunload", (event) => {
    console.log("beforeunload " + (event as CustomEvent).detail.reason);
    EdgeRuntime.waitUntil(Promise.resolve().then(() => console.log("flushed at the end")));
    setTimeout(work.resolve, 10);
  });
  export default { fetch() {
    EdgeRuntime.waitUntil(work.promise.then(() => console.log("background done")));
    return new Response("answered");
  } };`;

Deno.test("a retired isolate answers, fires beforeunload and finishes its background work before it ends", async () => {
  await using served = await serveFunctions({ "worker/index.ts": retiring });
  equal(await (await fetch(`${served.url}/functions/v1/worker`)).text(), "answered");
  await served.pool.restart("hot-reload");
  await served.logged("background done");
  deepEqual(served.logs, ["beforeunload hot-reload", "flushed at the end", "background done"]);
  equal(await (await fetch(`${served.url}/functions/v1/worker`)).text(), "answered");
  await served.pool.stop();
  deepEqual(served.logs.slice(3), ["beforeunload shutdown", "flushed at the end", "background done"]);
});

Deno.test("work that never ends is cut off after the grace period", async () => {
  await using served = await serveFunctions({
    "endless/index.ts": `export default { fetch() {
      EdgeRuntime.waitUntil(new Promise(() => {}));
      return new Response(new ReadableStream({ start: (c) => c.enqueue(new TextEncoder().encode("on and on")) }));
    } };`,
  }, { graceMs: 200 });
  const stream = await fetch(`${served.url}/functions/v1/endless`);
  const reader = stream.body!.getReader();
  await reader.read();
  await served.pool.stop();
  await served.logged("Isolate retired with work left");
  await reader.read().catch(() => {});
});

Deno.test("an isolate that dies is replaced, and its end is told", async () => {
  await using served = await serveFunctions({
    "suicidal/index.ts": `export default { fetch: () => Deno.exit(7) };`,
    "hello/index.ts": `console.log("loaded"); ${answering("hello")}`,
  });
  await served.logged("loaded");
  served.logs.length = 0;
  const [first] = served.pool.isolateIds;
  await rejects(fetch(`${served.url}/functions/v1/suicidal`));
  await served.logged(`Isolate ${first} ended with code 7`);
  await served.logged("loaded");
  equal(await (await fetch(`${served.url}/functions/v1/hello`)).text(), "hello");
});

Deno.test("an isolate ends when its supervisor is killed, and frees the port", async () => {
  const functionsFolder = await Deno.makeTempDir();
  await Deno.mkdir(`${functionsFolder}/worker`);
  const marker = `${functionsFolder}/ended`;
  await Deno.writeTextFile(
    `${functionsFolder}/worker/index.ts`,
    `addEventListener("beforeunload", (event) => {
      console.log("nobody reads this");
      Deno.writeTextFileSync(${JSON.stringify(marker)}, (event as CustomEvent).detail.reason);
    });
    ${answering("here")}`,
  );
  const port = freePort();
  const poolUrl = new URL("../../local/gateway/isolatePool.ts", import.meta.url).href;
  const supervisor = new Deno.Command(Deno.execPath(), {
    args: [
      "eval",
      `
      const { startIsolatePool } = await import(${JSON.stringify(poolUrl)});
      const functionsFolder = ${JSON.stringify(functionsFolder)};
      await startIsolatePool({ port: ${port}, env: {}, functionsFolder, onLog: ({ text }) => console.log(text) });
      console.log("serving");`,
    ],
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    stdout: "piped",
  }).spawn();
  const reader = supervisor.stdout.pipeThrough(new TextDecoderStream()).getReader();
  equal((await reader.read()).value, "serving\n");
  equal(await (await fetch(`http://127.0.0.1:${port}/functions/v1/worker`)).text(), "here");
  supervisor.kill("SIGKILL");
  await supervisor.status;
  ok(await waitUntil(() => isPortFree(port), { timeoutMs: 30_000 }));
  const hasEnded = () => Deno.stat(marker).then(() => true, () => false);
  ok(await waitUntil(hasEnded, { timeoutMs: 30_000 }));
  equal(await Deno.readTextFile(marker), "shutdown");
  await reader.cancel();
  await Deno.remove(functionsFolder, { recursive: true });
});

Deno.test("a hung connection does not keep a stop waiting", async () => {
  await using served = await serveFunctions({
    "stream/index.ts": `export default { fetch: () => new Response(new ReadableStream({
      start: (controller) => controller.enqueue(new TextEncoder().encode("data: 1\\n\\n")),
    }), { headers: { "content-type": "text/event-stream" } }) };`,
  }, { graceMs: 60_000 });
  const stream = await fetch(`${served.url}/functions/v1/stream`);
  const reader = stream.body!.getReader();
  await reader.read();
  const startedAt = performance.now();
  await served.pool.stop();
  ok(performance.now() - startedAt < 15_000);
  await reader.read().catch(() => {});
});

Deno.test("a taken port is an error, although isolates share theirs", async () => {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { port } = listener.addr as Deno.NetAddr;
  await rejects(startIsolatePool({ port, env: {}, watch: false }), Deno.errors.AddrInUse);
});

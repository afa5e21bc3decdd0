import assert from "node:assert/strict";
import type { EdgeFunction } from "./contract.ts";
import { withEntityTag } from "./withEntityTag.ts";

const url = "http://localhost/functions/v1/ops-openapi";

function served(answer: () => Response = () => Response.json({ openapi: "3.1.0" })) {
  const seen: string[] = [];
  const inner: EdgeFunction = {
    contract: { name: "ops-openapi", summary: "Serve", auth: ["none"], admin: false, methods: {} },
    fetch(request) {
      seen.push(request.method);
      return Promise.resolve(answer());
    },
  };
  const outer = withEntityTag(inner);
  const get = (ifNoneMatch?: string, method = "GET") =>
    outer.fetch(
      new Request(url, { method, headers: ifNoneMatch === undefined ? {} : { "if-none-match": ifNoneMatch } }),
    );
  return { get, seen, outer, inner };
}

Deno.test("whoever has the answer gets 304 and no body; another answer has another tag", async () => {
  const { get } = served();
  const first = await get();
  const tag = first.headers.get("etag") ?? assert.fail("no tag");
  assert.deepEqual(await first.json(), { openapi: "3.1.0" });
  for (const known of [tag, `W/${tag}`, `"other", ${tag}`, "*"]) {
    const again = await get(known);
    assert.deepEqual([again.status, await again.text(), again.headers.get("etag")], [304, "", tag]);
  }
  const changed = await served(() => Response.json({ openapi: "3.1.1" })).get(tag);
  assert.equal(changed.status, 200);
  assert.notEqual(changed.headers.get("etag"), tag);
  await changed.body?.cancel();
});

Deno.test("HEAD tells the tag of what GET would answer", async () => {
  const { get } = served();
  const [got, head] = [await get(), await get(undefined, "HEAD")];
  assert.equal(head.headers.get("etag"), got.headers.get("etag"));
  assert.equal(head.body, null);
  await got.body?.cancel();
});

Deno.test("errors and other methods pass as they are", async () => {
  const { get, outer, inner } = served(() => Response.json({ code: "rate_limited" }, { status: 429 }));
  const refused = await get('"x"');
  assert.deepEqual([refused.status, refused.headers.get("etag")], [429, null]);
  await refused.body?.cancel();
  const posted = await outer.fetch(new Request(url, { method: "POST" }));
  assert.equal(posted.headers.get("etag"), null);
  await posted.body?.cancel();
  assert.equal(outer.contract, inner.contract);
});

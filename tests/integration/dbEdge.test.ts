import assert from "node:assert/strict";
import { join } from "node:path";
import { edgeDenoEnv, ensureBinary } from "../../tools/realBinaries.ts";
import { projectFolder } from "../harness/projectFolder.ts";
import { notesDatabase } from "./dbFixture.ts";

Deno.test("the database works on the hosted runtime's version of Deno", async () => {
  await using database = await notesDatabase();
  const script = join(import.meta.dirname!, "dbEdgeScript.ts");
  // Its modules come from a cache of its own: this checkout's lock file and node_modules are of a newer format.
  const importMap = join(projectFolder, "import_map.json");
  const { success, stderr } = await new Deno.Command(await ensureBinary("deno-edge"), {
    args: ["run", "-A", "--no-lock", "--no-config", "--node-modules-dir=none", `--import-map=${importMap}`, script]
      .concat(database.url),
    env: edgeDenoEnv(),
    stdout: "null",
    stderr: "piped",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
});

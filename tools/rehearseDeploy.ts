/** Deploys with the real Supabase CLI to a stand-in on this machine, and boots what it uploaded on Deno 2.1.4. */
import { bootUpload } from "./deployment/bootUpload.ts";
import { collectUploads } from "./deployment/collectUploads.ts";
import { type Upload, uploadBytes } from "./deployment/upload.ts";
import { print } from "./print.ts";
import { projectRoot } from "./projectRoot.ts";
import { deployWithCli } from "./rehearsal/deployWithCli.ts";
import type { Deployed } from "./rehearsal/managementApi.ts";
import { probe } from "./rehearsal/probe.ts";
import { table } from "./table.ts";

/** What one function's rehearsal came to. */
export interface Rehearsed {
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly boots: string;
  readonly answer: string;
  readonly problems: readonly string[];
}

/** What of a deploy is rehearsed. */
export interface RehearsalOptions {
  /** Which functions are booted, of all that are deployed. @default all */
  readonly boots?: (name: string) => boolean;
}

/** How many functions are booted side by side: each keeps a core busy for some seconds. */
const atOnce = 2;

/** Rehearses the deploy of the checkout at `root`. */
export async function rehearseDeploy(
  root: string,
  { boots = () => true }: RehearsalOptions = {},
): Promise<{ functions: Rehearsed[]; problems: string[] }> {
  const expected = await collectUploads(root);
  const { success, output, deployed, complaints } = await deployWithCli(root);
  const problems = [...complaints];
  if (!success) problems.push(`The CLI failed: ${output.trim()}`);
  const names = new Set(expected.map(({ name }) => name));
  for (const name of deployed.keys()) {
    if (!names.has(name)) problems.push(`'${name}' was deployed, but is no function of the checkout`);
  }
  const queue = expected.filter(({ name }) => boots(name));
  const functions: Rehearsed[] = new Array(queue.length);
  let next = 0;
  const worker = async () => {
    for (let place = next++; place < queue.length; place = next++) {
      const upload = queue[place]!;
      functions[place] = await rehearse(upload, deployed.get(upload.name));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return { functions, problems: [...problems, ...functions.flatMap(({ problems }) => problems)] };
}

async function rehearse(expected: Upload, upload: Deployed | undefined): Promise<Rehearsed> {
  const { name } = expected;
  if (upload === undefined) {
    return { name, files: 0, bytes: 0, boots: "no", answer: "", problems: [`'${name}' was not uploaded`] };
  }
  const problems: string[] = [];
  if (upload.verifyJwt) problems.push(`'${name}' was deployed with verify_jwt = true`);
  for (const path of expected.files.keys()) {
    if (!upload.files.has(path)) problems.push(`'${name}' needs ${path}, but the CLI did not upload it`);
  }
  const seen = { name, files: upload.files.size, bytes: uploadBytes(upload) };
  try {
    await using booted = await bootUpload(upload);
    const answer = await probe(booted);
    if (!answer.ok) problems.push(`'${name}' gave a wrong answer: ${answer.text}`);
    return { ...seen, boots: `${booted.loadMs.toFixed(0)} ms`, answer: answer.text, problems };
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return { ...seen, boots: "no", answer: "", problems };
  }
}

if (import.meta.main) {
  const { functions, problems } = await rehearseDeploy(Deno.args[0] ?? projectRoot);
  const rows = functions.map(({ name, files, bytes, boots, answer }) =>
    [name, String(files), bytes.toLocaleString("en"), boots, answer] as const
  );
  print(table(["function", "files", "bytes", "boots", "answer"], rows));
  for (const problem of problems) print(`\n${problem}`);
  if (functions.length === 0) print("Cannot rehearse a deploy: there are no functions");
  Deno.exit(problems.length === 0 && functions.length > 0 ? 0 : 1);
}

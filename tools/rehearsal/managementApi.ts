import type { Upload } from "../deployment/upload.ts";

/** What the CLI says of a function besides its files. */
interface Metadata {
  readonly name: string;
  readonly entrypoint_path: string;
  readonly import_map_path: string;
  readonly verify_jwt: boolean;
}

/** A function as the CLI uploaded it. */
export interface Deployed extends Upload {
  readonly verifyJwt: boolean;
}

/**
 * Stands in for the part of Supabase's management API that `functions deploy --use-api` speaks to: keeps what is
 * uploaded, answers as the platform does, and refuses what it does not know, so that a new CLI's new request is seen.
 */
export class ManagementApi implements AsyncDisposable {
  readonly deployed = new Map<string, Deployed>();
  /** Requests that nobody here knows how to answer. */
  readonly unknown: string[] = [];
  /** The slugs that the closing bulk update made live. */
  readonly live = new Set<string>();
  readonly #server: Deno.HttpServer<Deno.NetAddr>;

  constructor(private readonly projectRef: string, private readonly token: string) {
    this.#server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, (request) => this.answer(request));
  }

  /** The address to put into the CLI's profile. */
  get url(): string {
    return `http://127.0.0.1:${this.#server.addr.port}`;
  }

  /** Answers one request of the CLI. */
  async answer(request: Request): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    if (request.headers.get("authorization") !== `Bearer ${this.token}`) return problem(401, "Unauthorized");
    const project = `/v1/projects/${this.projectRef}`;
    switch (`${request.method} ${pathname}`) {
      case `POST ${project}/functions/deploy`:
        return await this.#deploy(request, searchParams.get("slug") ?? "");
      case `PUT ${project}/functions`:
        return await this.#makeLive(request);
      case `GET ${project}/functions`:
        return Response.json([...this.live].map(functionRow));
      case `GET ${project}`:
        return Response.json({
          id: this.projectRef,
          ref: this.projectRef,
          name: "rehearsal",
          status: "ACTIVE_HEALTHY",
        });
      default:
        this.unknown.push(`${request.method} ${pathname}`);
        return problem(404, "Not found");
    }
  }

  async #deploy(request: Request, slug: string): Promise<Response> {
    const form = await request.formData();
    const metadata = JSON.parse(String(form.get("metadata") ?? "{}")) as Metadata;
    const files = new Map<string, string>();
    for (const part of form.getAll("file")) {
      if (part instanceof File) files.set(part.name, await part.text());
    }
    if (!files.has(metadata.entrypoint_path)) return problem(400, "Entrypoint path does not exist");
    this.deployed.set(slug, {
      name: slug,
      files,
      entrypoint: metadata.entrypoint_path,
      importMap: metadata.import_map_path,
      verifyJwt: metadata.verify_jwt,
    });
    return Response.json(functionRow(slug), { status: 201 });
  }

  async #makeLive(request: Request): Promise<Response> {
    for (const { slug } of await request.json() as { slug: string }[]) this.live.add(slug);
    return Response.json({ functions: [...this.live].map(functionRow) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.shutdown();
  }
}

function functionRow(slug: string) {
  const id = crypto.randomUUID();
  return { id, slug, name: slug, status: "ACTIVE", version: 1, created_at: 1, updated_at: 1, verify_jwt: false };
}

function problem(status: number, message: string): Response {
  return Response.json({ message }, { status });
}

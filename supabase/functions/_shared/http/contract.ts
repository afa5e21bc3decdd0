import type * as z from "zod";
import type { RequestContext } from "./context.ts";
import type { EventStream } from "./eventStream.ts";
import type { TextAnswer } from "./textAnswer.ts";

/** The methods a function may answer. HEAD comes with GET, OPTIONS with all of them. */
export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** Which credentials open a function, tried in order; `none` only last. */
export type AuthMode = "user" | "publishable" | "secret" | "none" | `publishable:${string}` | `secret:${string}`;

/** How many requests a caller may make. Made by `perMinute` and its kin. */
export interface RateLimit {
  readonly limit: number;
  readonly windowMs: number;
}

/** What one method takes, gives and promises. */
export interface MethodContract<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** One sentence, shown in the OpenAPI document. @default the function's summary */
  readonly summary?: string;
  /** The query of GET and DELETE, the JSON body of the others. A strict object: unknown fields are refused. @default no input */
  readonly input?: Input;
  /** The JSON answer. @default none: the answer has no body */
  readonly output?: Output;
  /**
   * The answer is a stream of server-sent events, made with `eventStream`; then there is no `output`. `on-request`: it may be one,
   * where the input asks for it, and is the `output` otherwise. @default false
   */
  readonly streams?: boolean | "on-request";
  /** The answer may be a text of this media type, made with `textAnswer`, where the input asks for it. @default it is not */
  readonly textType?: string;
  /** The status of a success. @default 200 */
  readonly status?: number;
  /** Overrides the function's modes for this method. */
  readonly auth?: readonly AuthMode[];
  /** Requests a caller may make, counted over the whole fleet. @default none */
  readonly rateLimit?: RateLimit;
  /** Honour `Idempotency-Key`: the same key and body get the stored answer for 24 h. @default false */
  readonly idempotent?: boolean;
  /** @default 1_048_576 */
  readonly bodyLimitBytes?: number;
  /** @default 25_000 */
  readonly deadlineMs?: number;
}

/** What a use case may give back: the output, nothing where the contract promises none, an event stream, or a text. */
export type UseCaseResult<Output extends z.ZodType> =
  | z.input<Output>
  | (undefined extends z.input<Output> ? void : never)
  | EventStream
  | TextAnswer;

/** One method: its contract and its use case. */
export interface MethodDefinition<Input extends z.ZodType, Output extends z.ZodType>
  extends MethodContract<Input, Output> {
  readonly handler: (
    input: z.output<Input>,
    ctx: RequestContext,
  ) => Promise<UseCaseResult<Output>> | UseCaseResult<Output>;
}

/**
 * One function: a declaration that gives the handler, the OpenAPI entry, the client method and the docs row.
 *
 * Each method has type parameters of its own, so that TypeScript infers a handler's input from the schema beside it.
 */
export interface FunctionDefinition<
  GetIn extends z.ZodType,
  GetOut extends z.ZodType,
  PostIn extends z.ZodType,
  PostOut extends z.ZodType,
  PutIn extends z.ZodType,
  PutOut extends z.ZodType,
  PatchIn extends z.ZodType,
  PatchOut extends z.ZodType,
  DeleteIn extends z.ZodType,
  DeleteOut extends z.ZodType,
> {
  /** The folder's name. */
  readonly name: string;
  /** One sentence, without a full stop. */
  readonly summary: string;
  readonly auth: readonly AuthMode[];
  /** Does the use case need `ctx.admin`? @default false */
  readonly admin?: boolean;
  readonly methods: {
    readonly GET?: MethodDefinition<GetIn, GetOut>;
    readonly POST?: MethodDefinition<PostIn, PostOut>;
    readonly PUT?: MethodDefinition<PutIn, PutOut>;
    readonly PATCH?: MethodDefinition<PatchIn, PatchOut>;
    readonly DELETE?: MethodDefinition<DeleteIn, DeleteOut>;
  };
}

/** What stays of a definition once the types have done their work: what OpenAPI, clients and checkers read. */
export interface FunctionContract {
  readonly name: string;
  readonly summary: string;
  readonly auth: readonly AuthMode[];
  readonly admin: boolean;
  readonly methods: { readonly [Method in HttpMethod]?: MethodContract };
}

/** A function as both runtimes serve it. */
export interface EdgeFunction {
  readonly contract: FunctionContract;
  fetch(request: Request): Promise<Response>;
}

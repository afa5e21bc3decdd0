import { createFunctionFactory, type DefineFunction } from "./functionFactory.ts";
import { kernelServices } from "./kernelServices.ts";

/**
 * Declares one function: the handler both runtimes serve, its OpenAPI entry, its client method and its docs row.
 *
 * @example
 * ```ts
 * export default defineFunction({
 *   name: "ops-echo",
 *   summary: "Answer with what was sent",
 *   auth: ["publishable"],
 *   methods: {
 *     POST: {
 *       input: z.strictObject({ text: z.string() }),
 *       output: z.object({ text: z.string() }),
 *       handler: ({ text }) => ({ text }),
 *     },
 *   },
 * });
 * ```
 */
export const defineFunction: DefineFunction = createFunctionFactory(kernelServices);

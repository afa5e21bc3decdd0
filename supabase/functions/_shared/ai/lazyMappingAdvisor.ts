import type { KeyedMappingAdvisorOptions } from "./keyedMappingAdvisor.ts";
import type { MappingAdvisor } from "./mappingAdvisor.ts";

/** An advisor that is loaded when it is first asked: the client, the schemas and the provider's SDK wait until then. */
export function lazyMappingAdvisor(options: KeyedMappingAdvisorOptions): MappingAdvisor {
  let opening: Promise<MappingAdvisor> | undefined;
  return {
    async propose(question, how) {
      opening ??= import("./keyedMappingAdvisor.ts").then(({ keyedMappingAdvisor }) => keyedMappingAdvisor(options));
      return await (await opening).propose(question, how);
    },
  };
}

import { dirname } from "node:path";

/** The folder of the checkout. */
export const projectFolder = dirname(dirname(import.meta.dirname!));

import { fileURLToPath } from "node:url";

/** The checkout these tools belong to, as an absolute path without a trailing slash. */
export const projectRoot = fileURLToPath(new URL("..", import.meta.url)).replace(/[\\/]$/, "");

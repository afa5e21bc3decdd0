/** What other domains may use of commerce. */
export { ProductCard } from "./productCard.ts";

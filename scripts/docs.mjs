/** `npm run docs`: writes the tables in docs/ and the types of the client anew, from the code that they describe. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runMain } from './halt.mjs';
import { root } from './root.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp();
  const { build } = await import('esbuild');
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-docs-'));
  try {
    const outfile = join(folder, 'documents.mjs');
    const entry = join(root, 'scripts/documents.ts');
    await build({
      entryPoints: [entry],
      outfile,
      bundle: true,
      format: 'esm',
      platform: 'neutral',
      logLevel: 'error',
      mainFields: ['module', 'main'],
    });
    const { documents } = await import(pathToFileURL(outfile).href);
    for (const [path, text] of Object.entries(documents())) writeFileSync(join(root, path), text);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

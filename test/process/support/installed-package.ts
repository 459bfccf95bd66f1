import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../../../scripts/root.mjs';

let packed: Buffer | null = null;

/** Puts into a folder what `npm pack` packs and nothing else, as others have it: by its name. */
export function installPackage(folder: string): string {
  const installed = join(folder, 'node_modules/fluxgate');
  mkdirSync(installed, { recursive: true });
  // What it is made of does not change while tests run, and npm takes its time.
  packed ??= pack();
  execFileSync('tar', ['-xz', '-C', installed, '--strip-components=1'], { input: packed });
  return installed;
}

function pack(): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'fluxgate-packed-'));
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  try {
    const [{ filename }] = JSON.parse(execFileSync('npm', packing, { cwd: root, encoding: 'utf8', stdio: 'pipe' })) as [
      { filename: string },
    ];
    return readFileSync(join(folder, filename));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../../scripts/root.mjs';

/** Puts into a folder what `npm pack` packs and nothing else, as others have it: by its name. */
export function installPackage(folder: string): string {
  const installed = join(folder, 'node_modules/fluxgate');
  mkdirSync(installed, { recursive: true });
  const packing = ['pack', '--ignore-scripts', '--json', '--pack-destination', folder];
  const [{ filename }] = JSON.parse(execFileSync('npm', packing, { cwd: root, encoding: 'utf8', stdio: 'pipe' })) as [
    { filename: string },
  ];
  execFileSync('tar', ['-xzf', join(folder, filename), '-C', installed, '--strip-components=1']);
  return installed;
}

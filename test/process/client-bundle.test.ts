import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAll } from '../../scripts/bundles.mjs';
import { root, tool } from '../../scripts/root.mjs';

const largestGzipBytes = { 'client.js': 5 * 1024, 'flux-image.js': 6 * 1024 };
const dist = (name: string) => readFileSync(join(root, 'dist', name));
const folder = mkdtempSync(join(tmpdir(), 'fluxgate-consumer-'));

beforeAll(async () => {
  await buildAll();
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules/fluxgate'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the client as others import it', () => {
  test.each(Object.entries(largestGzipBytes))('%s is at most %i bytes gzipped', (name, most) => {
    expect(gzipSync(dist(name), { level: 9 }).length).toBeLessThanOrEqual(most);
  });

  test('needs nothing else', () => {
    for (const name of ['client.js', 'admin.js', 'flux-image.js'])
      expect(dist(name).toString()).not.toMatch(/\bimport\b(?!\.meta)|\brequire\(/);
  });

  test('is found by its name, and tells its own errors whichever file threw them', () => {
    const source = `
      import { createClient, FluxgateError } from 'fluxgate/client';
      import { createAdmin } from 'fluxgate/admin';
      const options = { baseUrl: 'http://127.0.0.1:1', fetch: async () => Response.json({}, { status: 401 }) };
      const failure = await createAdmin(options).accounts.list().catch((error) => error);
      console.log(typeof createClient(options).generate, failure instanceof FluxgateError, failure.code);`;
    writeFileSync(join(folder, 'consumer.mjs'), source);
    const printed = execFileSync(process.execPath, ['consumer.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(printed.trim()).toBe('function true unauthenticated');
  });

  test.each(['nodenext', 'bundler'])(
    'has types that %s resolution finds, and that refuse what is wrong',
    (resolution) => {
      const source = `
      import { createClient, type Picture } from 'fluxgate/client';
      import { createAdmin } from 'fluxgate/admin';
      const picture: Picture = await createClient({ baseUrl: 'https://a.test' }).generate({ prompt: 'A fox', seed: 7 });
      const bytes: Blob = await picture.blob();
      // @ts-expect-error: a width is a number
      await createClient({ baseUrl: 'https://a.test' }).generate({ prompt: 'A fox', width: 'wide' });
      export const all = [bytes, (await createAdmin({ baseUrl: 'https://a.test' }).keys.list('acme')).data[0]?.hint];`;
      writeFileSync(join(folder, 'consumer.mts'), source);
      const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
      const options = ['--strict', '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--types', ''];
      const compile = () =>
        execFileSync(tool('tsc'), [...options, '--module', module, '--moduleResolution', resolution, 'consumer.mts'], {
          cwd: folder,
          encoding: 'utf8',
        });
      expect(compile()).toBe('');
    },
  );
});

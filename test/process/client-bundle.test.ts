import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildAll } from '../../scripts/bundles.mjs';
import { root, tool } from '../../scripts/root.mjs';
import { installPackage } from './support/installed-package.ts';

const largestGzipBytes = { 'client.js': 5 * 1024, 'flux-image.js': 6 * 1024 };
const dist = (name: string) => readFileSync(join(root, 'dist', name));
const folder = mkdtempSync(join(tmpdir(), 'fluxgate-consumer-'));
const installed = join(folder, 'node_modules/fluxgate');

beforeAll(async () => {
  await buildAll();
  installPackage(folder);
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

  test('may be imported where there is no page', () => {
    const source = `
      import { FluxImage } from 'fluxgate/flux-image';
      console.log(typeof FluxImage, typeof HTMLElement, typeof customElements);`;
    writeFileSync(join(folder, 'server.mjs'), source);
    const printed = execFileSync(process.execPath, ['server.mjs'], { cwd: folder, encoding: 'utf8' });
    expect(printed.trim()).toBe('function undefined undefined');
  });

  test.each(['nodenext', 'bundler'])('has types that stand alone where resolution is %s', (resolution) => {
    expect(complaintsOf('right.mts', resolution)).toBe('');
  });

  test.each(['nodenext', 'bundler'])('has types that refuse what is wrong where resolution is %s', (resolution) => {
    expect(complaintsOf('wrong.mts', resolution)).toBe('');
  });

  test('has types that say what the schemas do', () => {
    const types = readFileSync(join(installed, 'dist/types/picture-fields.d.ts'), 'utf8');
    expect(types).toContain("readonly format?: 'jpeg' | 'png' | 'webp';");
    expect(types).toMatch(/1 to 50\. `50` where absent\. \*\/\n\s+readonly steps\?: number;/);
    const imports = readdirSync(join(installed, 'dist/types')).flatMap((name) =>
      Array.from(readFileSync(join(installed, 'dist/types', name), 'utf8').matchAll(/(?:from |import\()'([^']+)/g)),
    );
    expect(
      imports.map(([, specifier = '']) => specifier).filter((specifier) => !/^\.\/[\w-]+\.js$/.test(specifier)),
    ).toEqual([]);
  });
});

/** What a site's own code does with it. */
const rightSource = `
import { createClient, FluxgateError, type Picture, type TaskState } from 'fluxgate/client';
import { createAdmin } from 'fluxgate/admin';
const client = createClient({ baseUrl: 'https://a.test' });
const seen: TaskState['status'][] = [];
const picture: Picture = await client.generate(
  { prompt: { scene: 'A fox' }, seed: 7, width: 640, height: 360, steps: 20, guidance: 3.5, promptUpsampling: false,
    safetyTolerance: 2, format: 'webp', references: [new Uint8Array(), new URL('https://a.test/1.png')], fit: 'nearest' },
  { signal: AbortSignal.timeout(1), onProgress: ({ status, progress }) => { seen.push(status); progress.toFixed(); } },
).catch((thrown: unknown) => {
  if (thrown instanceof FluxgateError && thrown.code === 'moderated_request') return client.generate('A fox');
  throw thrown;
});
const bytes: Blob = await picture.blob();
const determinism: 'pinned' | 'rerendered' | 'differs' | 'unverified' | null = picture.determinism;
const steps: number | undefined = (await client.quote('A fox')).pictures[0]?.parameters.steps;
const fact: string | undefined = (await client.task('t')).picture?.color ?? undefined;
const spent: number = (await client.usage({ days: 7, group: ['day', 'provider'] })).totals.spentMicros;
const link: string = await client.signedUrl({ prompt: 'A fox', w: 640, onMiss: 'placeholder' }, { keyId: 'k', secret: 's' });
const shown = [client.srcset(picture), client.url(picture.fingerprint, { format: 'avif', width: 640, quality: 80 })];
const named = [client.url(picture), client.url(await client.task('t'))];
const hint = (await createAdmin({ baseUrl: 'https://a.test' }).keys.list('acme')).data[0]?.hint;
export const all = [bytes, determinism, steps, fact, spent, link, shown, named, hint];`;

const wrongHead = `
import { createClient, FluxgateError } from 'fluxgate/client';
import { createAdmin } from 'fluxgate/admin';
const client = createClient({ baseUrl: 'https://a.test' });
const admin = createAdmin({ baseUrl: 'https://a.test' });
const signer = { keyId: 'k', secret: 's' };`;

const wrongCalls = [
  "await client.generate({ prompt: 'A fox', format: 'bmp' })",
  "await client.generate({ prompt: 'A fox', output_format: 'png' })",
  "await client.generate({ prompt: 'A fox', width: 'wide' })",
  "await client.generate({ prompt: 'A fox', steps: '20' })",
  "await client.generate({ prompt: 'A fox', promptUpsampling: 1 })",
  "await client.generate({ prompt: 'A fox', fit: 'some' })",
  'await client.generate({ seed: 7 })',
  'await client.generate({ prompt: 7 })',
  "await client.edit('A fox', [7])",
  "await client.quote({ prompt: 'A fox', guidance: true })",
  "client.url('f', { format: 'gif' })",
  "client.url('f', { fit: 'fill' })",
  'client.url({ width: 640 })',
  'client.url((await client.quote("A fox")).pictures)',
  "client.srcset('https://a.test/f.png')",
  "await client.signedUrl({ prompt: 'A fox', onMiss: 'never' }, signer)",
  "await client.signedUrl({ prompt: 'A fox', webhookUrl: 'https://a.test' }, signer)",
  "(await client.task('t')).status === 'done'",
  "(await client.task('t')).picture?.srcset.length",
  "(await client.generate('A fox')).picture",
  "new FluxgateError({ code: 'so_so', message: '' })",
  "await client.usage({ group: 'week' })",
  "await client.tasks({ status: 'ended' })",
  "await admin.keys.create('acme', { name: 'k', kind: 'secret' })",
  "await admin.keys.create('acme', { name: 'k', dialects: ['nobody'] })",
  "await admin.accounts.create({ name: 'Acme', visibility: 'hidden' })",
  "await admin.credits.add('acme', { kind: 'gift', micros: 1 })",
];

/** Both in one run: what takes the compiler its time are the types of a browser. */
const said = new Map<string, string>();

/** What the compiler says of a file, and of no file, in a folder that has the package and nothing else. */
function complaintsOf(file: 'right.mts' | 'wrong.mts', resolution: string): string {
  const text = said.get(resolution) ?? compile(resolution);
  said.set(resolution, text);
  const other = file === 'right.mts' ? 'wrong.mts(' : 'right.mts(';
  const lines = text.split('\n').filter((line) => !line.startsWith(other));
  return lines.join('\n');
}

function compile(resolution: string): string {
  const lines = wrongCalls.map((wrong) => `// @ts-expect-error\n${wrong};`);
  writeFileSync(join(folder, 'right.mts'), rightSource);
  writeFileSync(join(folder, 'wrong.mts'), `${wrongHead}\n${lines.join('\n')}`);
  const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
  const strictness = ['--strict', '--exactOptionalPropertyTypes', '--skipLibCheck', 'false', '--types', ''];
  const options = [...strictness, '--noEmit', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable'];
  const resolving = ['--module', module, '--moduleResolution', resolution];
  const { stdout } = spawnSync(tool('tsc'), [...options, ...resolving, 'right.mts', 'wrong.mts'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return stdout;
}

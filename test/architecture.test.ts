/// <reference types="vite/types/importMeta.d.ts" />
import { describe, expect, it } from 'vitest';
import { dialects } from '../src/dialects/registry';
import {
  badNames,
  cycles,
  defaultExports,
  environmentReaders,
  forbiddenImports,
  forbiddenPackages,
  impureFiles,
  longFiles,
  longFunctions,
  type Sources,
  unregistered,
} from './architecture-rules';

const sources: Sources = Object.fromEntries(
  Object.entries(
    import.meta.glob<string>('../src/**/*.{ts,tsx,js,mjs}', { query: '?raw', import: 'default', eager: true }),
  ).map(([path, source]) => [path.replace('../', ''), source]),
);
const dialectModules = import.meta.glob<Readonly<Record<string, unknown>>>('../src/dialects/**/*.ts', { eager: true });

describe('the source', () => {
  it('is here to be read', () => {
    expect(Object.keys(sources)).toEqual(expect.arrayContaining(['src/index.ts', 'src/env.ts', 'src/core/size.ts']));
    expect(sources['src/index.ts']).toContain("import { app } from './app'");
  });

  it('imports only along the arrows', () => {
    expect(forbiddenImports(sources)).toEqual([]);
  });

  it('keeps the core and the dialects to zod, the client to nothing, and Hono to the front', () => {
    expect(forbiddenPackages(sources)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(cycles(sources)).toEqual([]);
  });

  it('has no file over 250 lines', () => {
    expect(longFiles(sources)).toEqual([]);
  });

  it('has no function over 40 lines', () => {
    expect(longFunctions(sources)).toEqual([]);
  });

  it('names its files for what they hold', () => {
    expect(badNames(sources)).toEqual([]);
  });

  it('has one default export: the Worker', () => {
    expect(defaultExports(sources)).toEqual([]);
  });

  it('reads the environment in env.ts alone', () => {
    expect(environmentReaders(sources)).toEqual([]);
  });

  it('keeps the dialects pure: no I/O, no clock, no draw', () => {
    expect(impureFiles(sources, 'dialects')).toEqual([]);
  });

  it('lists every dialect in the registry', () => {
    expect(unregistered(sources, 'dialects', ['Dialect'])).toEqual([]);
    const exported = Object.values(dialectModules).flatMap((module) => Object.values(module));
    const missing = exported.filter((value) => isDialect(value) && !dialects.some((dialect) => dialect === value));
    expect(missing).toEqual([]);
  });

  it('lists every provider in the registry', () => {
    expect(unregistered(sources, 'providers', ['Provider', 'ProviderEntry'])).toEqual([]);
  });
});

function isDialect(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'operations' in value && 'encodeFault' in value;
}

/** Files whose one line imports another. */
const importing = (imports: Readonly<Record<string, string>>): Sources =>
  Object.fromEntries(Object.entries(imports).map(([path, specifier]) => [path, `import { x } from '${specifier}';\n`]));

describe('the arrows', () => {
  it.each([
    ['src/dialects/a.ts', '../pipeline/b'],
    ['src/dialects/a.ts', '../providers/registry'],
    ['src/providers/a.ts', '../dialects/b'],
    ['src/providers/vendor/a.ts', '../../renders/b'],
    ['src/core/a.ts', '../storage/b'],
    ['src/core/containers/a.ts', '../../http/b'],
    ['src/storage/a.ts', '../renders/b'],
    ['src/accounts/a.ts', '../renders/b'],
    ['src/renders/a.ts', '../pipeline/b'],
    ['src/renders/a.ts', '../accounts/b'],
    ['src/pipeline/a.ts', '../http/b'],
    ['src/pipeline/a.ts', '../providers/b'],
    ['src/http/a.ts', '../renders/b'],
    ['src/http/a.ts', '../app'],
    ['src/http/a.ts', '../env'],
    ['src/app.ts', './pipeline/b'],
    ['src/index.ts', './core/b'],
    ['src/web/a.tsx', '../core/b'],
    ['src/client/a.ts', '../core/b'],
    ['src/cli/a.ts', '../core/b'],
    ['src/providers/vendor.ts', './other/b'],
    ['src/providers/vendor/a.ts', '../other/b'],
  ])('refuse %s → %s', (path, specifier) => {
    expect(forbiddenImports(importing({ [path]: specifier }))).toHaveLength(1);
  });

  it.each([
    ['src/index.ts', './renders/b'],
    ['src/app.ts', './http/b'],
    ['src/env.ts', './providers/registry'],
    ['src/http/a.ts', '../pipeline/b'],
    ['src/pipeline/a.ts', '../accounts/b'],
    ['src/renders/a.ts', '../storage/b'],
    ['src/accounts/a.ts', '../storage/b'],
    ['src/dialects/a.ts', './b'],
    ['src/providers/registry.ts', './vendor/vendor'],
    ['src/providers/vendor.ts', './vendor/b'],
    ['src/providers/vendor/deep/a.ts', '../b'],
    ['src/providers/vendor/a.ts', '../vendor-call'],
    ['src/web/a.tsx', '../client/b'],
    ['src/cli/a.ts', '../client/b'],
  ])('allow %s → %s', (path, specifier) => {
    expect(forbiddenImports(importing({ [path]: specifier }))).toEqual([]);
  });

  it.each([
    "import type { X } from '../http/x';",
    "import '../http/x';",
    "import * as x from '../http/x';",
    "import x, { type Y } from '../http/x';",
    "import {\n  a,\n  type B,\n} from '../http/x';",
    "export { x } from '../http/x';",
    "export * from '../http/x';",
    "export type { X } from '../http/x';",
    "const x = await import('../http/x');",
    "type X = import('../http/x').X;",
    'import { x } from "../http/x";',
    `const text = \`a \${b} //\`;\nimport { x } from '../http/x';`,
  ])('see through the spelling of %j', (source) => {
    expect(forbiddenImports({ 'src/core/a.ts': source })).toHaveLength(1);
  });

  it.each([
    "// import { x } from '../http/x';",
    "/* import { x } from '../http/x'; */",
    "const text = `import { x } from '../http/x'`;",
    "const isImport = /import '\\.\\./;\nexport const from = '../http/x';",
  ])('do not take %j for an import', (source) => {
    expect(forbiddenImports({ 'src/core/a.ts': source })).toEqual([]);
  });

  it('let the client take types from the core, and nothing that runs', () => {
    expect(forbiddenImports({ 'src/client/a.ts': "import type { X } from '../core/x';" })).toEqual([]);
    expect(forbiddenImports({ 'src/client/a.ts': "import { type X } from '../core/x';" })).toHaveLength(1);
  });

  it('know every stage', () => {
    expect(forbiddenImports({ 'src/services/a.ts': '' })).toEqual(['src/services/a.ts belongs to no stage']);
  });
});

describe('the other rules', () => {
  it.each([
    [{ 'src/core/a.ts': 'zod', 'src/http/a.ts': 'hono/cors', 'src/pipeline/a.ts': 'standardwebhooks' }, 0],
    [{ 'src/core/a.ts': 'hono' }, 1],
    [{ 'src/core/a.ts': 'cloudflare:workers' }, 1],
    [{ 'src/dialects/a.ts': '@hono/zod-validator' }, 1],
    [{ 'src/pipeline/a.ts': 'hono/http-exception' }, 1],
    [{ 'src/client/a.ts': 'zod' }, 1],
  ])('on packages find in %j: %i', (imports, count) => {
    expect(forbiddenPackages(importing(imports))).toHaveLength(count);
  });

  it.each<[Readonly<Record<string, string>>, readonly string[]]>([
    [{ 'src/core/a.ts': './b', 'src/core/b.ts': './c', 'src/core/c.ts': 'zod' }, []],
    [{ 'src/core/a.ts': './a' }, ['src/core/a.ts → src/core/a.ts']],
    [
      { 'src/core/z.ts': './a', 'src/core/a.ts': './b/index', 'src/core/b/index.ts': '../c', 'src/core/c.ts': './a' },
      ['src/core/a.ts → src/core/b/index.ts → src/core/c.ts → src/core/a.ts'],
    ],
  ])('on circles find in %j: %j', (imports, expected) => {
    expect(cycles(importing(imports))).toEqual(expected);
  });

  it('on length allow 250 lines and no more', () => {
    const sample = { 'src/core/a.ts': '//\n'.repeat(250), 'src/core/b.ts': '//\n'.repeat(251) };
    expect(longFiles(sample)).toEqual(['src/core/b.ts: 251 lines']);
  });

  it.each([
    ['src/core/utils.ts', 1],
    ['src/core/types.d.ts', 1],
    ['src/helpers/size.ts', 1],
    ['src/core/common/size.ts', 1],
    ['src/core/ImageRequest.ts', 1],
    ['src/core/image_request.ts', 1],
    ['src/core/image-request.ts', 0],
    ['src/core/content-types.ts', 0],
  ])('on names find in %s: %i', (path, count) => {
    expect(badNames({ [path]: '' })).toHaveLength(count);
  });

  it.each([
    ['src/index.ts', 'export default app;', 0],
    ['src/app.ts', 'export default app;', 1],
    ['src/app.ts', 'export { app as default };', 1],
    ['src/app.ts', "// export default\nexport const text = 'export default app';", 0],
  ])('on default exports find in %s with %j: %i', (path, source, count) => {
    expect(defaultExports({ [path]: source })).toHaveLength(count);
  });

  it.each([
    ['src/env.ts', 'const ledger = env.LEDGER;', 0],
    ['src/app.ts', 'const service = serviceOf(c.env);', 0],
    ['src/renders/a.ts', 'constructor(ctx: State, env: Env) { super(ctx, env); }', 0],
    ['src/http/a.ts', 'const ledger = env.LEDGER;', 1],
    ['src/app.ts', 'const ledger = c.env.LEDGER;', 1],
    ['src/app.ts', 'const { LEDGER } = c.env;', 1],
    ['src/app.ts', 'const ledger = c.env[name];', 1],
    ['src/http/a.ts', 'const service = serviceOf(c.env);', 1],
    ['src/storage/a.ts', "import { env } from 'cloudflare:workers';", 1],
    ['src/storage/a.ts', "import { env as bindings } from 'cloudflare:workers';", 1],
    ['src/storage/a.ts', '// env.LEDGER\nconst x = "env.LEDGER";', 0],
    ['src/http/a.ts', "import type { Service } from '../env';", 1],
    ['src/app.ts', "import { serviceOf } from './env';", 0],
    ['src/app.ts', "import { config } from './env/config';", 1],
    ['src/env/config.ts', 'const ledger = env.LEDGER;', 0],
  ])('on the environment find in %s with %j: %i', (path, source, count) => {
    expect(environmentReaders({ 'src/env.ts': '', [path]: source })).toHaveLength(count);
  });
});

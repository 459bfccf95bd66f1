import { codeOf, functionsIn, importsOf, withoutComments } from './support/source-text';

/** Source files by their path, such as `src/core/size.ts`. */
export type Sources = Readonly<Record<string, string>>;

/** Which stage may import from which, besides itself. DESIGN.md, "Arrows". */
const arrows: Readonly<Record<string, readonly string[]>> = {
  index: ['accounts', 'app', 'env', 'renders'],
  app: ['http', 'dialects', 'env', 'core', 'discovery', 'web'],
  env: ['accounts', 'core', 'dialects', 'http', 'pipeline', 'providers', 'renders', 'storage', 'web'],
  http: ['pipeline', 'accounts', 'storage', 'discovery', 'core'],
  discovery: ['core'],
  pipeline: ['renders', 'accounts', 'storage', 'core'],
  renders: ['storage', 'providers', 'core'],
  accounts: ['storage', 'core'],
  storage: ['core'],
  dialects: ['core'],
  providers: ['core'],
  web: ['client'],
  client: ['core'],
  cli: ['client'],
  core: [],
};
/** Where only types may be taken from. */
const typeArrows: Readonly<Record<string, readonly string[]>> = { client: ['core'] };
/** Stages that may import these packages alone. */
const packagesOf: Readonly<Record<string, readonly string[]>> = { core: ['zod'], dialects: ['zod'], client: [] };
/** Packages that these stages alone may import. */
const stagesOf: Readonly<Record<string, readonly string[]>> = { hono: ['app', 'http', 'web'], commander: ['cli'] };

export const maximumFileLines = 250;
export const maximumFunctionLines = 40;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly isTypeOnly: boolean;
}

/** Imports from one stage to another that no arrow allows, and those that reach into another vendor's folder. */
export function forbiddenImports(sources: Sources): readonly string[] {
  const strangers = Object.keys(sources).filter((path) => arrows[stageOf(path)] === undefined);
  const edges = edgesOf(sources).filter((edge) => !strangers.includes(edge.from) && !isAllowed(edge));
  return [
    ...strangers.map((path) => `${path} belongs to no stage`),
    ...edges.map(({ from, to, isTypeOnly }) => `${from} → ${to}${isTypeOnly ? ' (type)' : ''}`),
  ];
}

/** Packages that a stage has no business with. */
export function forbiddenPackages(sources: Sources): readonly string[] {
  return Object.entries(sources).flatMap(([path, source]) => {
    const stage = stageOf(path);
    const packages = importsOf(source).filter(({ specifier }) => !specifier.startsWith('.'));
    const forbidden = packages
      .map(({ specifier }) => packageOf(specifier))
      .filter((name) => {
        const isOthers = stagesOf[name]?.includes(stage) === false;
        return isOthers || packagesOf[stage]?.includes(name) === false;
      });
    return forbidden.map((name) => `${path} → ${name}`);
  });
}

/** Each way in which files import one another in a circle, types included. */
export function cycles(sources: Sources): readonly string[] {
  const targets = Map.groupBy(edgesOf(sources), ({ from }) => from);
  const found = new Set<string>();
  const isDone = new Set<string>();
  const visit = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path);
    if (start >= 0) found.add([...trail.slice(start), path].join(' → '));
    if (start >= 0 || isDone.has(path)) return;
    for (const { to } of targets.get(path) ?? []) visit(to, [...trail, path]);
    isDone.add(path);
  };
  for (const path of Object.keys(sources)) visit(path, []);
  return [...found];
}

/** Files of a stage that neither its registry nor another stage leads to, and members that the registry does not name. */
export function unregistered(sources: Sources, stage: string, memberTypes: readonly string[]): readonly string[] {
  const registry = `src/${stage}/registry.ts`;
  const edges = edgesOf(sources);
  const targets = Map.groupBy(edges, ({ from }) => from);
  const entries = edges.filter(({ from, to }) => stageOf(from) !== stage && stageOf(to) === stage);
  const reached = new Set([registry, ...entries.map(({ to }) => to)]);
  for (const path of reached) for (const { to } of targets.get(path) ?? []) reached.add(to);
  const files = Object.keys(sources).filter((path) => stageOf(path) === stage && !/\.test\.|\.d\.ts$/.test(path));
  const members = new RegExp(`export\\s+const\\s+(\\w+)\\s*:\\s*(?:${memberTypes.join('|')})\\b(?!\\[)`, 'g');
  const listed = codeOf(sources[registry] ?? '');
  const unnamed = files.flatMap((path) =>
    Array.from(codeOf(sources[path] ?? '').matchAll(members), ([, name = '']) => name)
      .filter((name) => path !== registry && !new RegExp(`\\b${name}\\b`).test(listed))
      .map((name) => `${path}: ${name}`),
  );
  return [...files.filter((path) => !reached.has(path)), ...unnamed];
}

/** Files that are too long to have one reason to exist. */
export function longFiles(sources: Sources): readonly string[] {
  return Object.entries(sources)
    .map(([path, source]) => ({ path, lines: source.trimEnd().split('\n').length }))
    .filter(({ lines }) => lines > maximumFileLines)
    .map(({ path, lines }) => `${path}: ${lines} lines`);
}

/** Functions that are too long to be read at once. */
export function longFunctions(sources: Sources): readonly string[] {
  const found = Object.entries(sources).flatMap(([path, source]) =>
    functionsIn(source)
      .filter(({ lines }) => lines > maximumFunctionLines)
      .map(({ line, lines }) => `${path}:${line}: ${lines} lines`),
  );
  return [...new Set(found)];
}

/** Files and folders whose name says nothing, or is not in kebab-case. */
export function badNames(sources: Sources): readonly string[] {
  const isBad = (part: string) =>
    /^(?:types?|utils?|helpers?|commons?|misc|constants?|shared|lib)$/.test(part) ||
    !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(part);
  return Object.keys(sources).filter((path) =>
    path
      .replace(/(?:\.d)?\.[a-z]+$/, '')
      .split('/')
      .some(isBad),
  );
}

/** Default exports outside of the Worker's entry. */
export function defaultExports(sources: Sources): readonly string[] {
  const isDefault = /\bexport\s+default\b|\bexport\s*\{[^}]*\bas\s+default\b/;
  return Object.keys(sources).filter((path) => path !== 'src/index.ts' && isDefault.test(codeOf(sources[path] ?? '')));
}

/**
 * Files that read a binding although only env.ts and its folder do, or import env.ts although only app.ts and index.ts
 * do. Nobody else enters its folder.
 */
export function environmentReaders(sources: Sources): readonly string[] {
  const owners = ['src/app.ts', 'src/index.ts'];
  const reads = /\benv\s*(?:\?\.|\.|\[)|\}\s*=\s*(?:[\w$]+\.)*env\b|\bas\s+Env\b/;
  const importsEnv = /import\s*\{[^}]*\benv\b[^}]*\}\s*from\s*['"]cloudflare:workers['"]/;
  const readers = Object.entries(sources).filter(([path, source]) => {
    if (stageOf(path) === 'env') return false;
    const passesOn = /\.\s*env\b/.test(codeOf(source)) && !owners.includes(path);
    return passesOn || reads.test(codeOf(source)) || importsEnv.test(withoutComments(source));
  });
  const intruders = edgesOf(sources).filter(({ from, to }) => {
    const isOutside = stageOf(to) === 'env' && stageOf(from) !== 'env';
    return isOutside && !(to === 'src/env.ts' && owners.includes(from));
  });
  return [...readers.map(([path]) => path), ...intruders.map(({ from, to }) => `${from} → ${to}`)];
}

/** Files of a stage that is pure, yet reads a clock, draws a number, waits or does I/O. */
export function impureFiles(sources: Sources, stage: string): readonly string[] {
  const impure =
    /\b(?:fetch|setTimeout|setInterval|queueMicrotask)\(|\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\b(?:crypto|performance|scheduler|caches|console)\./;
  return Object.keys(sources).filter((path) => stageOf(path) === stage && impure.test(codeOf(sources[path] ?? '')));
}

function edgesOf(sources: Sources): readonly Edge[] {
  return Object.entries(sources).flatMap(([from, source]) =>
    importsOf(source)
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier, isTypeOnly }) => ({ from, to: resolve(sources, from, specifier), isTypeOnly })),
  );
}

function isAllowed({ from, to, isTypeOnly }: Edge): boolean {
  const [stage, target] = [stageOf(from), stageOf(to)];
  if (stage === target) return !isPrivate(from, to);
  if (arrows[stage]?.includes(target) !== true) return false;
  return isTypeOnly || typeArrows[stage]?.includes(target) !== true;
}

/** A vendor's folder is entered by itself, by the file of the same name and by the registry. */
function isPrivate(from: string, to: string): boolean {
  const folder = /^src\/(?:dialects|providers)\/[^/]+(?=\/)/.exec(to)?.[0];
  if (folder === undefined || from.endsWith('/registry.ts')) return false;
  return !from.startsWith(`${folder}/`) && from !== `${folder}.ts`;
}

function stageOf(path: string): string {
  return /^src\/([^/.]+)/.exec(path)?.[1] ?? path;
}

function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

function resolve(sources: Sources, from: string, specifier: string): string {
  const parts = from.split('/').slice(0, -1);
  for (const part of specifier.replace(/\?.*$/, '').split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.') parts.push(part);
  }
  const path = parts.join('/');
  const candidates = [path, `${path}.ts`, `${path}.tsx`, path.replace(/\.js$/, '.ts'), `${path}/index.ts`];
  return candidates.find((candidate) => sources[candidate] !== undefined) ?? path;
}

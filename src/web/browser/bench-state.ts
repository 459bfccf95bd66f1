import { formats, type PictureSettings } from '../samples/picture-settings';
import type { JsonObject, ModelLimits } from '../site-facts';
import { jsonFault } from './json-fault';

/** What stands on the bench: the picture as it is being written. */
export interface Bench extends Omit<PictureSettings, 'prompt'> {
  readonly promptText: string;
  readonly isJson: boolean;
  /** Whether the seed stays when another picture is made. */
  readonly isSeedLocked: boolean;
}

export const emptyBench: Bench = {
  promptText: '',
  isJson: false,
  references: [],
  width: 1024,
  height: 1024,
  steps: 30,
  guidance: 5,
  seed: 0,
  isSeedLocked: false,
  promptUpsampling: true,
  safetyTolerance: 2,
  format: 'png',
  quality: 90,
};

/** The prompt, read; or what is wrong with it, for whoever writes it. */
export type ReadPrompt =
  | { readonly kind: 'prompt'; readonly prompt: string | JsonObject }
  | { readonly kind: 'empty' }
  | { readonly kind: 'wrong'; readonly message: string };

export function readPrompt({ promptText, isJson }: Bench, { promptCharacters }: ModelLimits): ReadPrompt {
  if (promptText.trim() === '') return { kind: 'empty' };
  // By code points, as the service counts them; those are never more than the units of UTF-16.
  const characters = promptText.length > promptCharacters ? [...promptText].length : 0;
  if (characters > promptCharacters)
    return { kind: 'wrong', message: `${characters} characters; ${promptCharacters} are taken.` };
  return isJson ? readJsonPrompt(promptText) : { kind: 'prompt', prompt: promptText };
}

function readJsonPrompt(text: string): ReadPrompt {
  const fault = jsonFault(text);
  if (fault !== null)
    return {
      kind: 'wrong',
      message: `Not valid JSON at line ${fault.line}, column ${fault.column}: ${fault.message}.`,
    };
  const value: unknown = JSON.parse(text);
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject) return { kind: 'wrong', message: 'A JSON prompt is an object: { … }.' };
  return { kind: 'prompt', prompt: value as JsonObject };
}

export function settingsOf(bench: Bench, prompt: string | JsonObject): PictureSettings {
  const { promptText: _text, isJson: _isJson, isSeedLocked: _isLocked, ...settings } = bench;
  return { ...settings, prompt };
}

export function drawSeed(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}

/** The bench as the part of a URL that no server gets to see. */
export function fragmentOf(bench: Bench): string {
  const query = new URLSearchParams();
  query.set('prompt', bench.promptText);
  if (bench.isJson) query.set('json', '1');
  for (const url of bench.references) query.append('ref', url);
  query.set('size', `${bench.width}x${bench.height}`);
  query.set('steps', String(bench.steps));
  query.set('guidance', String(bench.guidance));
  query.set('seed', String(bench.seed));
  if (bench.isSeedLocked) query.set('lock', '1');
  if (!bench.promptUpsampling) query.set('upsampling', '0');
  query.set('safety', String(bench.safetyTolerance));
  query.set('format', bench.format);
  if (bench.format !== 'png') query.set('quality', String(bench.quality));
  return `#${query}`;
}

/** The bench that a fragment describes; what it does not say, or says out of range, is as on an empty one. */
export function benchOf(fragment: string, limits: ModelLimits): Bench {
  const query = new URLSearchParams(fragment.replace(/^#/, ''));
  const within = (name: string, { min, max }: { min: number; max: number }, otherwise: number) => {
    const value = Number(query.get(name)?.trim() || Number.NaN);
    return value >= min && value <= max ? value : otherwise;
  };
  const [width = Number.NaN, height = Number.NaN] = (query.get('size') ?? '').split('x').map(Number);
  const isSize = isEdge(width, limits) && isEdge(height, limits) && width * height <= limits.areaPixels;
  const format = formats.find((candidate) => candidate === query.get('format')) ?? emptyBench.format;
  return {
    promptText: query.get('prompt') ?? '',
    isJson: query.get('json') === '1',
    references: query.getAll('ref').slice(0, limits.references),
    ...(isSize ? { width, height } : { width: emptyBench.width, height: emptyBench.height }),
    steps: Math.round(within('steps', limits.steps, emptyBench.steps)),
    guidance: within('guidance', limits.guidance, emptyBench.guidance),
    seed: Math.round(within('seed', limits.seed, drawSeed())),
    isSeedLocked: query.get('lock') === '1',
    promptUpsampling: query.get('upsampling') !== '0',
    safetyTolerance: Math.round(within('safety', limits.safetyTolerance, emptyBench.safetyTolerance)),
    format,
    quality: Math.round(within('quality', { min: 1, max: 100 }, emptyBench.quality)),
  };
}

export function isEdge(value: number, { edgePixels }: ModelLimits): boolean {
  return Number.isInteger(value) && value >= edgePixels.min && value <= edgePixels.max;
}

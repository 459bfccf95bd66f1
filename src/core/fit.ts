import type { Capability, Sizes, Values } from './capability';
import { type ImageRequest, promptLength } from './image-request';
import { renderSize, type Size } from './size';

/** Whether a provider can make exactly the picture asked for; if not, what would change, or why it cannot. */
export type Fit =
  | { readonly kind: 'exact' }
  | { readonly kind: 'adjusted'; readonly request: ImageRequest; readonly changes: readonly string[] }
  | { readonly kind: 'cannot'; readonly reasons: readonly string[] };

/** Weighs a request against what a provider can make. Nothing is ever dropped in silence: it is a change, or a reason. */
export function fitOf(capability: Capability, request: ImageRequest): Fit {
  const reasons = reasonsAgainst(capability, request);
  if (reasons.length > 0) return { kind: 'cannot', reasons };
  const steps = nearest(capability.steps, request.steps);
  const guidance = nearest(capability.guidance, request.guidance);
  const safetyTolerance = nearest(capability.safetyTolerance, request.safetyTolerance);
  const promptUpsampling = upsamplingOf(capability, request.promptUpsampling);
  const size = nearestSize(capability.sizes, renderSize(request));
  const adjusted = { ...request, steps, guidance, safetyTolerance, promptUpsampling };
  const changes = [
    changed('steps', request.steps, steps),
    changed('guidance', request.guidance, guidance),
    changed('safety_tolerance', request.safetyTolerance, safetyTolerance),
    changed('prompt_upsampling', request.promptUpsampling, promptUpsampling),
    size === null ? null : `size: ${sizeText(size)} instead of ${sizeText(request)}`,
  ].filter((change) => change !== null);
  if (changes.length === 0) return { kind: 'exact' };
  return { kind: 'adjusted', request: size === null ? adjusted : { ...adjusted, ...size }, changes };
}

function reasonsAgainst(capability: Capability, request: ImageRequest): string[] {
  const { references, promptCharacters, takesSeed } = capability;
  const length = promptLength(request.prompt);
  return [
    request.references.length > references
      ? `takes at most ${references} references, not ${request.references.length}`
      : null,
    takesSeed ? null : 'takes no seed, so that the picture could not be asked for again',
    length > promptCharacters ? `takes prompts of at most ${promptCharacters} characters, not ${length}` : null,
  ].filter((reason) => reason !== null);
}

function nearest(values: Values, wanted: number): number {
  switch (values.kind) {
    case 'range':
      return Math.min(values.max, Math.max(values.min, wanted));
    case 'choices':
      return values.values.toSorted((a, b) => Math.abs(a - wanted) - Math.abs(b - wanted))[0] ?? wanted;
    case 'fixed':
      return values.value;
  }
}

function upsamplingOf({ promptUpsampling }: Capability, wanted: boolean): boolean {
  return promptUpsampling === 'settable' ? wanted : promptUpsampling === 'always';
}

/** The size that would be made instead; null where the one asked for can be made. */
function nearestSize(sizes: Sizes, wanted: Size): Size | null {
  if (sizes.kind === 'pixels') return withinBounds(sizes, wanted);
  const best = sizes.sizes.toSorted((a, b) => distance(a, wanted) - distance(b, wanted))[0];
  if (best === undefined) return wanted;
  const isSame = best.width === wanted.width && best.height === wanted.height;
  return isSame ? null : { width: best.width, height: best.height };
}

function withinBounds(sizes: Extract<Sizes, { kind: 'pixels' }>, wanted: Size): Size | null {
  const { minEdge, maxEdge, maxArea } = sizes;
  const edges = [wanted.width, wanted.height];
  const fits = edges.every((edge) => edge >= minEdge && edge <= maxEdge) && wanted.width * wanted.height <= maxArea;
  if (fits) return null;
  const scale = Math.min(1, maxEdge / Math.max(...edges), Math.sqrt(maxArea / (wanted.width * wanted.height)));
  const grown = Math.max(scale, minEdge / Math.min(...edges));
  const edge = (pixels: number) => Math.min(maxEdge, Math.max(minEdge, Math.floor((pixels * grown) / 16) * 16));
  return { width: edge(wanted.width), height: edge(wanted.height) };
}

/** How far two sizes are apart, shape before area. */
function distance(a: Size, b: Size): number {
  const shape = Math.abs(Math.log(a.width / a.height) - Math.log(b.width / b.height));
  const area = Math.abs(Math.log(a.width * a.height) - Math.log(b.width * b.height));
  return 10 * shape + area;
}

function changed(name: string, wanted: number | boolean, given: number | boolean): string | null {
  return wanted === given ? null : `${name}: ${given} instead of ${wanted}`;
}

const sizeText = ({ width, height }: Size) => `${width}×${height}`;

import { type ImageRequest, limits } from '../../core/image-request';
import { canonicalJson } from '../../core/json';
import { renderSize } from '../../core/size';
import { drawCaption } from './caption';
import { families } from './compositions/families';
import { drawExhibits, type Exhibit } from './exhibits';
import { layOut } from './layout';
import { drawLettering, type Typefaces } from './lettering';
import { type Palette, paletteOf } from './palette';
import { readPrompt } from './prompt-brief';
import { randomOf } from './random';
import { box, element, type Rect } from './svg';

/**
 * The picture of a request, as an SVG of exactly its render size. Pure: equal requests give equal texts.
 * Steps set how much there is to see, guidance how strictly it is ordered; everything else decides what it is.
 */
export function composePicture(request: ImageRequest, exhibits: readonly Exhibit[], faces: Typefaces): string {
  const size = renderSize(request);
  const brief = readPrompt(request.prompt);
  const detail = shareOf(request.steps, limits.steps);
  const order = shareOf(request.guidance, limits.guidance);
  const random = randomOf(identityOf(request));
  const family = random.pick(families);
  const palette = paletteOf(brief.colours, random, order);
  const layout = layOut(size, brief, exhibits.length, random);
  const { art, panel, isCentred, swatches } = layout;
  const layers = [
    box({ x: 0, y: 0, ...size }, palette.ground),
    family({ room: art, palette, random: randomOf(`art ${identityOf(request)}`), detail, order }),
    layout.exhibits === null ? '' : drawExhibits(exhibits, layout.exhibits, palette, faces.text),
    panel === null ? '' : drawLettering({ texts: brief.lettering, panel, isCentred, palette, faces, random }),
    swatches === null ? '' : drawSwatches(palette, swatches),
    drawCaption(request, brief.caption, layout.caption, faces.text),
  ];
  const attributes = { xmlns: 'http://www.w3.org/2000/svg', ...size, viewBox: `0 0 ${size.width} ${size.height}` };
  return element('svg', attributes, layers.join(''));
}

/** What chooses family, palette and layout. Steps and guidance stay out: they vary one picture, they do not make another. */
function identityOf(request: ImageRequest): string {
  return canonicalJson({
    seed: request.seed,
    prompt: request.prompt,
    references: request.references.map((reference) => reference.sha256),
    promptUpsampling: request.promptUpsampling,
    safetyTolerance: request.safetyTolerance,
  });
}

/** The prompt's colours, each flat and exact, on whole pixels. */
function drawSwatches({ named }: Palette, band: Rect): string {
  const edge = (index: number) => Math.round((band.width * index) / named.length);
  return named
    .map((colour, index) => box({ ...band, x: edge(index), width: edge(index + 1) - edge(index) }, colour))
    .join('');
}

const shareOf = (value: number, { min, max }: { min: number; max: number }) =>
  Math.min(1, Math.max(0, (value - min) / (max - min)));

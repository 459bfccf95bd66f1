import type { ImageRequest } from '../../core/image-request';
import { renderSize } from '../../core/size';
import { ink, paper } from './colour';
import { drawText } from './draw-text';
import { isCovered, type TypeStyle, widthOf } from './measure';
import { graphemesOf, shortened } from './plain-text';
import { box, type Rect } from './svg';
import type { Typeface } from './typeface';
import { blockOf } from './typeset';

/** The strip at the foot that says what the picture is: a sandbox's, and of which request. */
export function drawCaption(request: ImageRequest, prompt: string, strip: Rect, face: Typeface): string {
  const style: TypeStyle = { face, leading: 1.3, tracking: 0.01 };
  const margin = Math.max(2, strip.height * 0.3);
  const room = { ...strip, x: strip.x + margin, width: strip.width - 2 * margin };
  const size = captionSize(strip, room, style, request);
  const facts = factsWithin(request, room.width / size, style);
  const rest = room.width / size - widthOf(facts, style) - 2;
  const isWide = rest > 12;
  const written = drawableText(prompt, face);
  const lines = isWide ? [facts] : [facts, endAt(written, room.width / size, style)];
  const isTall = strip.height >= size * 2.9;
  const shown = lines.slice(0, isTall ? 2 : 1).filter((line) => line !== '');
  const block = blockOf(shown, size, style);
  const top = { ...room, y: strip.y + (strip.height - block.height + size * 0.2) / 2 };
  const beside = isWide ? endAt(written, rest, style) : '';
  const aside = { ...top, x: room.x + room.width - widthOf(beside, style) * size };
  return (
    box(strip, ink) +
    drawText(block, top, 'start', paper) +
    (beside === '' ? '' : drawText({ ...block, lines: [beside] }, aside, 'start', quiet))
  );
}

const quiet = '#b9b4a6';

/** One line with every fact where that is legible; otherwise as small as can be read, with the facts that fit. */
function captionSize(strip: Rect, room: Rect, style: TypeStyle, request: ImageRequest): number {
  const forOneLine = room.width / widthOf(factsOf(request).join(separator), style);
  return Math.max(Math.min(smallestSize, strip.height * 0.72), Math.min(strip.height * 0.36, forOneLine));
}

const smallestSize = 6.5;
const separator = ' · ';

function factsOf(request: ImageRequest): readonly string[] {
  const { width, height } = renderSize(request);
  const { seed, steps, guidance } = request;
  return ['SANDBOX', 'FLUX.2 [flex]', `seed ${seed}`, `steps ${steps}`, `guidance ${guidance}`, `${width}×${height}`];
}

/** As many facts as fit a line; the first one always. */
function factsWithin(request: ImageRequest, width: number, style: TypeStyle): string {
  return factsOf(request).reduce((line, fact) => {
    const longer = `${line}${separator}${fact}`;
    return widthOf(longer, style) <= width ? longer : line;
  });
}

/** A character that the face lacks is shown as an empty box. */
function drawableText(text: string, face: Typeface): string {
  return graphemesOf(shortened(text, 400))
    .map((grapheme) => (isCovered(grapheme, face) ? grapheme : '□'))
    .join('');
}

function endAt(text: string, width: number, style: TypeStyle): string {
  if (widthOf(text, style) <= width) return text;
  let line = '';
  let used = widthOf('…', style);
  for (const grapheme of graphemesOf(text)) {
    used += widthOf(grapheme, style);
    if (used > width) break;
    line += grapheme;
  }
  return `${line.trimEnd()}…`;
}

import { drawText } from './draw-text';
import { isCovered, type TypeStyle } from './measure';
import type { Palette } from './palette';
import { graphemesOf, shortened } from './plain-text';
import type { Random } from './random';
import { box, inset, type Rect } from './svg';
import type { Typeface } from './typeface';
import { fitText, type TextBlock } from './typeset';

/** The faces that the sandbox sets in. */
export interface Typefaces {
  readonly display: readonly [Typeface, ...Typeface[]];
  readonly text: Typeface;
}

export interface LetteringJob {
  readonly texts: readonly string[];
  readonly panel: Rect;
  readonly isCentred: boolean;
  readonly palette: Palette;
  readonly faces: Typefaces;
  readonly random: Random;
}

/** Sets the texts on their panel: the first as the headline, the others below a rule, the second before the rest. */
export function drawLettering(job: LetteringJob): string {
  const { panel, palette, isCentred } = job;
  const room = inset(panel, Math.min(panel.width * 0.08, panel.height * 0.09));
  const gap = gapsOf(room);
  const [headline, ...others] = setBlocks(job, room);
  const used = others.reduce((sum, block) => sum + block.height + gap.line, headline.height);
  const slack = Math.max(0, room.height - used - (others.length === 0 ? 0 : 2 * gap.rule));
  const align = isCentred ? 'middle' : 'start';
  const top = room.y + (isCentred || others.length === 0 ? slack / 2 : 0);
  let drawn = box(panel, palette.panel) + drawText(headline, { ...room, y: top }, align, palette.headline);
  let y = top + headline.height + gap.rule + (isCentred ? 0 : slack);
  if (others.length > 0) drawn += rule({ ...room, y }, job);
  y += gap.rule;
  for (const block of others) {
    drawn += drawText(block, { ...room, y }, align, palette.lettering);
    y += block.height + gap.line;
  }
  return drawn;
}

/** The space on each side of the rule, and between the lines below it. */
function gapsOf(room: Rect): { readonly rule: number; readonly line: number } {
  const measure = Math.min(room.height, room.width);
  return { rule: measure * 0.055, line: measure * 0.03 };
}

function rule(room: Rect, { isCentred, palette }: LetteringJob): string {
  const width = isCentred ? room.width * 0.18 : room.width;
  const height = Math.max(1, room.width * 0.006);
  return box({ x: room.x + (room.width - width) / 2, y: room.y - height / 2, width, height }, palette.lettering);
}

function setBlocks(job: LetteringJob, room: Rect): readonly [TextBlock, ...TextBlock[]] {
  const [headline = '', ...others] = job.texts;
  const gap = gapsOf(room);
  const most = Math.max(0, Math.floor((room.height * 0.5) / (smallestSize * 1.4 + gap.line)));
  const further = others.slice(0, most);
  const share = further.length === 0 ? 1 : Math.max(0.42, 0.66 - 0.06 * further.length);
  const sizes = { largest: room.height * 0.62, smallest: smallestSize };
  const head = fitText(
    shortened(headline, 240),
    headlineStyle(headline, job),
    { ...room, height: room.height * share },
    sizes,
  );
  const left = room.height - head.height - 2 * gap.rule - gap.line * further.length;
  return [head, ...setOthers(further, head.size, { ...room, height: Math.max(smallestSize, left) }, job)];
}

/** A display face by chance, unless only another one has every character. */
function headlineStyle(text: string, { faces, random }: LetteringJob): TypeStyle {
  const chosen = random.pick(faces.display);
  const face = [chosen, ...faces.display].find((one) => coversAll(text, one)) ?? chosen;
  return { face, leading: 1.02, tracking: 0.008 };
}

/** Each further text gets its share of what is left, and is never as large as what stands above it. */
function setOthers(
  texts: readonly string[],
  headlineSize: number,
  room: Rect,
  job: LetteringJob,
): readonly TextBlock[] {
  const weights = texts.map((text, index) => Math.sqrt(Math.min(160, text.length) + 6) * (index === 0 ? 1.5 : 1));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let largest = Math.min(headlineSize * 0.46, Math.max(room.width, room.height) * 0.1);
  return texts.map((text, index) => {
    const height = (room.height * (weights[index] ?? 0)) / total;
    const sizes = { largest: Math.max(largest, smallestSize), smallest: smallestSize };
    const block = fitText(shortened(text, 200), textStyle(job.faces.text), { ...room, height }, sizes);
    largest = block.size * (index === 0 ? 0.8 : 1);
    return block;
  });
}

const smallestSize = 7;
const textStyle = (face: Typeface): TypeStyle => ({ face, leading: 1.25, tracking: 0 });
const coversAll = (text: string, face: Typeface) =>
  graphemesOf(text.slice(0, 300)).every((part) => /\s/.test(part) || isCovered(part, face));

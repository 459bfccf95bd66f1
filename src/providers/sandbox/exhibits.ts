import type { Reference } from '../../core/image-request';
import { type Colour, legibleOn, mix } from './colour';
import { drawText } from './draw-text';
import type { Palette } from './palette';
import { box, element, inset, type Rect } from './svg';
import type { Typeface } from './typeface';
import { fitText } from './typeset';

/** A reference with its bytes as a data URI; null where they cannot be drawn. */
export interface Exhibit {
  readonly reference: Reference;
  readonly dataUri: string | null;
}

/** Hangs the references side by side, each on a mat. What cannot be drawn shows its type and digest instead. */
export function drawExhibits(exhibits: readonly Exhibit[], room: Rect, palette: Palette, face: Typeface): string {
  const columns = columnsFor(exhibits.length, room);
  const rows = Math.ceil(exhibits.length / columns);
  const cell = { width: room.width / columns, height: room.height / rows };
  return exhibits
    .map((exhibit, index) => {
      const x = room.x + (index % columns) * cell.width;
      const y = room.y + Math.floor(index / columns) * cell.height;
      return drawExhibit(exhibit, inset({ ...cell, x, y }, Math.min(cell.width, cell.height) * 0.04), palette, face);
    })
    .join('');
}

/** The number of columns whose cells are nearest to squares. */
function columnsFor(count: number, room: Rect): number {
  const strain = (columns: number) => {
    const rows = Math.ceil(count / columns);
    return Math.abs(Math.log(room.width / columns / (room.height / rows))) + (columns * rows - count) * 0.08;
  };
  return Array.from({ length: count }, (_, index) => index + 1).reduce((best, columns) =>
    strain(columns) < strain(best) ? columns : best,
  );
}

function drawExhibit({ reference, dataUri }: Exhibit, cell: Rect, palette: Palette, face: Typeface): string {
  const mat = Math.min(cell.width, cell.height) * 0.03;
  const room = inset(cell, mat);
  const scale = Math.min(room.width / reference.width, room.height / reference.height);
  const isExtreme = Math.abs(Math.log2(reference.width / reference.height)) > 2;
  const picture = isExtreme ? room : centred(reference.width * scale, reference.height * scale, room);
  const framed = inset(picture, -mat);
  const ground = mix(palette.panel, palette.ground, 0.2);
  const label = `${reference.contentType.slice('image/'.length).toUpperCase()}\n${reference.sha256.slice(0, 12)}`;
  return (
    box(framed, '#ffffff') +
    box(picture, ground) +
    drawLabel(label, picture, legibleOn(ground), face) +
    drawImage(dataUri, picture)
  );
}

function centred(width: number, height: number, cell: Rect): Rect {
  return { x: cell.x + (cell.width - width) / 2, y: cell.y + (cell.height - height) / 2, width, height };
}

function drawLabel(label: string, picture: Rect, fill: Colour, face: Typeface): string {
  const room = inset(picture, Math.min(picture.width, picture.height) * 0.12);
  const style = { face, leading: 1.35, tracking: 0 };
  const block = fitText(label, style, room, { largest: picture.height * 0.12, smallest: 4 });
  return drawText(block, { ...room, y: room.y + (room.height - block.height) / 2 }, 'middle', fill);
}

/** Laid over the label, so that an image that cannot be decoded leaves the label to be seen. */
function drawImage(dataUri: string | null, picture: Rect): string {
  if (dataUri === null) return '';
  const { x, y, width, height } = picture;
  return element('image', { x, y, width, height, preserveAspectRatio: 'xMidYMid meet', href: dataUri });
}

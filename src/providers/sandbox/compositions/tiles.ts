import { mix } from '../colour';
import { box, decimal, element } from '../svg';
import { accentOf, type Stage } from './stage';

/** A grid of quarter discs, leaves, discs and stripes, after the Bauhaus. */
export function tiles(stage: Stage): string {
  const { room, random, detail, order } = stage;
  const [long, short] = [Math.max(room.width, room.height), Math.min(room.width, room.height)];
  const across = Math.round(3 + detail * 9);
  const along = Math.max(across, Math.round((across * long) / short / 1.6));
  // Whole pixels leave no seams, a whole number of tiles across the short side no slivers.
  const side = Math.ceil(short / Math.max(1, Math.round((along * short) / long)));
  const period = 2 + random.below(3);
  const motifs = Array.from({ length: period * period }, () => random.below(motifCount));
  let drawn = '';
  for (let row = 0; row * side < room.height; row++) {
    for (let column = 0; column * side < room.width; column++) {
      const slot = (row % period) * period + (column % period);
      const isStrict = random.chance(order);
      const motif = isStrict ? (motifs[slot] ?? 0) : random.below(motifCount);
      const turn = isStrict ? slot + (order > 0.8 ? 0 : row) : random.below(4);
      const corner = { x: room.x + column * side, y: room.y + row * side };
      drawn += tile({ ...corner, side, motif, turn: turn % 4, colour: isStrict ? slot : random.below(9) }, stage);
    }
  }
  return drawn;
}

interface Tile {
  readonly x: number;
  readonly y: number;
  readonly side: number;
  readonly motif: number;
  readonly turn: number;
  readonly colour: number;
}

const motifCount = 7;

function tile({ x, y, side, motif, turn, colour }: Tile, stage: Stage): string {
  const front = accentOf(stage, colour);
  const back = colour % 3 === 0 ? stage.palette.ground : mix(accentOf(stage, colour + 1), stage.palette.ground, 0.15);
  const square = box({ x, y, width: side + 0.5, height: side + 0.5 }, back);
  const transform = `translate(${decimal(x + side / 2)} ${decimal(y + side / 2)}) rotate(${turn * 90}) scale(${decimal(side / 100)})`;
  return square + element('g', { transform }, motifShape(motif, front, accentOf(stage, colour + 2)));
}

/** Motifs are drawn in a square of 100 around the origin. */
function motifShape(motif: number, front: string, detail: string): string {
  const path = (d: string, fill = front) => element('path', { d, fill });
  const shapes = [
    path('M-50-50H50A100 100 0 0 1-50 50Z'),
    path('M-50-50A100 100 0 0 1 50 50A100 100 0 0 1-50-50Z'),
    element('circle', { r: 50, fill: front }) + element('circle', { r: 22, fill: detail }),
    path('M-50-50H50A50 50 0 0 1-50-50ZM-50 0H50A50 50 0 0 1-50 0Z'),
    path('M-50-50H-30V50H-50ZM-10-50H10V50H-10ZM30-50H50V50H30Z'),
    path('M-50-50H50L-50 50Z') + element('circle', { cx: 16, cy: 16, r: 20, fill: detail }),
    path('M-50-50H50A100 100 0 0 1-50 50Z') + path('M-50-50H0A50 50 0 0 1-50 0Z', detail),
  ];
  return shapes[motif % shapes.length] ?? '';
}

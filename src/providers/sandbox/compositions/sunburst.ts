import { mix } from '../colour';
import { disc, polygon } from '../svg';
import { accentOf, type Stage } from './stage';

/** Rays from a sun at a third of the room, rings around it. */
export function sunburst(stage: Stage): string {
  const { room, palette, random, detail, order } = stage;
  const x = room.x + room.width * random.pick([1 / 3, 1 / 2, 2 / 3]);
  const y = room.y + room.height * random.pick([0.36, 0.5, 0.64]);
  const reach = Math.hypot(room.width, room.height);
  const count = 2 * Math.round(4 + detail * 32);
  const step = (2 * Math.PI) / count;
  const start = random.between(0, step);
  let drawn = '';
  for (let ray = 0; ray < count; ray += 2) {
    const loose = (1 - order) * step * random.between(-0.8, 0.8);
    const from = start + ray * step + loose;
    const to = from + step * (order > 0.5 ? 1 : random.between(0.6, 1.4));
    const far = (angle: number) => [x + Math.cos(angle) * reach, y + Math.sin(angle) * reach] as const;
    drawn += polygon(
      [[x, y], far(from), far(to)],
      mix(accentOf(stage, (ray / 2) % 2), palette.ground, ray % 4 === 0 ? 0 : 0.25),
    );
  }
  return drawn + rings(stage, x, y);
}

function rings(stage: Stage, x: number, y: number): string {
  const { room, palette, random, detail } = stage;
  const radius = Math.min(room.width, room.height) * random.between(0.27, 0.36);
  const count = 2 + Math.round(detail * 7);
  const discs = Array.from({ length: count }, (_, ring) => {
    const fill = ring % 2 === 0 ? palette.ground : accentOf(stage, 2 + (ring >> 1));
    return disc(x, y, radius * (1 - ring / (count + 0.6)), fill);
  });
  return discs.join('');
}

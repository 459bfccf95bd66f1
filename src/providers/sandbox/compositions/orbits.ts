import { decimal, disc, element } from '../svg';
import { accentOf, type Stage } from './stage';

/** Rings around a common centre, broken into arcs, with planets on them. */
export function orbits(stage: Stage): string {
  const { room, random, detail, order } = stage;
  const x = room.x + room.width * random.pick([0.5, 0.5, 0.32, 0.68]);
  const y = room.y + room.height * random.pick([0.5, 0.5, 0.36, 0.64]);
  const count = 4 + Math.round(detail * 16);
  const reach = Math.hypot(room.width, room.height) * 0.56;
  const gap = reach / (count + 0.5);
  let drawn = '';
  for (let ring = count; ring >= 1; ring--) {
    const sway = (1 - order) * gap * random.between(-0.5, 0.5);
    drawn += arcs(stage, { x: x + sway, y: y - sway }, ring * gap, gap, ring);
  }
  for (let planet = 0; planet < 2 + detail * 9; planet++) {
    const radius = gap * (1 + random.below(count));
    const angle = random.between(0, 2 * Math.PI);
    const size = gap * random.between(0.35, order > 0.5 ? 0.7 : 1.3);
    drawn += disc(x + Math.cos(angle) * radius, y + Math.sin(angle) * radius, size, accentOf(stage, planet + 1));
  }
  return drawn + disc(x, y, gap * 0.9, accentOf(stage, 0));
}

function arcs(stage: Stage, centre: { x: number; y: number }, radius: number, gap: number, ring: number): string {
  const { random, order } = stage;
  const girth = 2 * Math.PI * radius;
  const parts = random.pick([1, 1, 2, 3, 6]);
  const share = parts === 1 ? 1 : random.between(0.45, 0.85);
  const attributes = {
    cx: centre.x,
    cy: centre.y,
    r: radius,
    fill: 'none',
    stroke: accentOf(stage, ring),
    'stroke-width': gap * (order > 0.5 ? random.pick([0.25, 0.5, 0.8]) : random.between(0.06, 0.95)),
    'stroke-dasharray': `${decimal((girth / parts) * share)} ${decimal((girth / parts) * (1 - share))}`,
    transform: `rotate(${decimal(random.below(12) * 30)} ${decimal(centre.x)} ${decimal(centre.y)})`,
  };
  return element('circle', attributes);
}

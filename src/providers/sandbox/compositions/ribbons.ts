import { mix } from '../colour';
import { decimal, element } from '../svg';
import { accentOf, type Stage } from './stage';

/** Parallel bands on one long curve, like a running track seen from the air. */
export function ribbons(stage: Stage): string {
  const { room, palette, random, detail, order } = stage;
  const count = 5 + Math.round(detail * 25);
  const spread = Math.min(room.width, room.height) * random.between(0.7, 0.95);
  const isRising = random.chance(0.5);
  const bend = random.between(0.35, 0.75);
  let drawn = '';
  for (let band = 0; band < count; band++) {
    const offset = (band / (count - 1) - 0.5) * spread;
    const loose = (1 - order) * (spread / count) * random.between(-2.5, 2.5);
    const stroke = mix(accentOf(stage, Math.floor((band * 6) / count)), palette.ground, band % 2 === 0 ? 0 : 0.25);
    const width = (spread / count) * (order > 0.5 ? 0.78 : random.between(0.3, 1.5));
    drawn += element('path', {
      d: curve(stage, offset + loose, bend, isRising),
      fill: 'none',
      stroke,
      'stroke-width': width,
    });
  }
  return drawn;
}

function curve({ room }: Stage, offset: number, bend: number, isRising: boolean): string {
  const middle = room.y + room.height / 2;
  const sway = (isRising ? -1 : 1) * room.height * bend;
  const at = (x: number, y: number) =>
    `${decimal(room.x + room.width * x + offset * 0.4)} ${decimal(middle + y + offset)}`;
  const first = `M${at(-0.3, -sway * 0.4)}C${at(0.1, -sway * 0.4)} ${at(0.12, sway)} ${at(0.42, sway * 0.55)}`;
  return `${first}S${at(0.66, -sway * 1.1)} ${at(0.9, -sway * 0.5)}S${at(1.2, sway * 0.5)} ${at(1.35, sway * 0.3)}`;
}

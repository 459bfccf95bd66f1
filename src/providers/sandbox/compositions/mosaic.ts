import { box, disc, inset, type Rect } from '../svg';
import { accentOf, type Stage } from './stage';

/** A room divided again and again, each field a flat colour, some with a disc or a half of one. */
export function mosaic(stage: Stage): string {
  const { room, detail } = stage;
  const wanted = 5 + Math.round(detail * 70);
  const fields: Rect[] = [room];
  while (fields.length < wanted) {
    const largest = fields.reduce(
      (best, field, index) => (areaOf(field) > areaOf(fields[best] ?? field) ? index : best),
      0,
    );
    const [field = room] = fields.splice(largest, 1);
    fields.push(...divided(field, stage));
  }
  const gutter = Math.min(room.width, room.height) * 0.006;
  return fields.map((field, index) => fieldOf(inset(field, gutter), index, stage)).join('');
}

function divided(field: Rect, { random, order }: Stage): readonly [Rect, Rect] {
  const share = random.chance(order) ? random.pick([1 / 2, 1 / 3, 2 / 3]) : random.between(0.18, 0.82);
  if (field.width >= field.height) {
    const width = field.width * share;
    return [
      { ...field, width },
      { ...field, x: field.x + width, width: field.width - width },
    ];
  }
  const height = field.height * share;
  return [
    { ...field, height },
    { ...field, y: field.y + height, height: field.height - height },
  ];
}

function fieldOf(field: Rect, index: number, stage: Stage): string {
  const { random, palette } = stage;
  const colour = random.below(7);
  const ground = colour === 6 ? palette.panel : accentOf(stage, colour);
  const middle = { x: field.x + field.width / 2, y: field.y + field.height / 2 };
  const radius = Math.min(field.width, field.height) * 0.36;
  const figure = random.chance(0.3) ? disc(middle.x, middle.y, radius, accentOf(stage, colour + 1 + (index % 2))) : '';
  return box(field, ground) + figure;
}

const areaOf = (rect: Rect) => rect.width * rect.height;

import { mix } from '../colour';
import { box, disc } from '../svg';
import { accentOf, type Stage } from './stage';

/** Columns that rise and fall like a score, each under a disc. */
export function rhythm(stage: Stage): string {
  const { room, palette, random, detail, order } = stage;
  const count = 5 + Math.round(detail * 30);
  const pitch = room.width / count;
  const width = pitch * (0.5 + order * 0.4);
  const phase = random.between(0, 2 * Math.PI);
  const turns = random.between(0.6, 1.8);
  const moon = Math.min(room.width, room.height) * random.between(0.22, 0.32);
  let drawn = disc(
    room.x + room.width * random.between(0.25, 0.75),
    room.y + room.height * 0.36,
    moon,
    mix(accentOf(stage, 0), palette.ground, 0.3),
  );
  for (let column = 0; column < count; column++) {
    const wave = Math.sin(phase + (column / count) * 2 * Math.PI * turns);
    const share = 0.45 + 0.28 * (order * wave + (1 - order) * random.between(-1, 1));
    const x = room.x + column * pitch + (pitch - width) / 2;
    const y = room.y + room.height * (1 - share);
    const fill = accentOf(stage, order > 0.4 ? Math.floor((column * 7) / count) : random.below(7));
    drawn += box({ x, y, width, height: room.height * share + 2 }, fill);
    drawn += disc(x + width / 2, y - width * 0.62, width / 2, accentOf(stage, column + 1));
  }
  return drawn;
}

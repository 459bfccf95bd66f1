import { decimal, element } from '../svg';
import { accentOf, type Stage } from './stage';

/** A screen of dots swelling towards two centres, printed in two colours. */
export function halftone(stage: Stage): string {
  const { random } = stage;
  const first = random.between(0, 2 * Math.PI);
  return screen(stage, first, 0) + screen(stage, first + 2.4, 1);
}

function screen(stage: Stage, direction: number, plate: number): string {
  const { room, random, detail, order } = stage;
  const pitch = Math.max(3, Math.max(room.width, room.height) / (9 + detail * 27));
  const reach = Math.hypot(room.width, room.height) * 0.62;
  const x = room.x + room.width * (0.5 + 0.36 * Math.cos(direction));
  const y = room.y + room.height * (0.5 + 0.36 * Math.sin(direction));
  let path = '';
  for (let row = 0; row * pitch <= room.height + pitch; row++) {
    for (let column = 0; column * pitch <= room.width + pitch; column++) {
      const loose = (1 - order) * pitch * 0.32;
      const left = room.x + (column + ((row + plate) % 2) / 2) * pitch + random.between(-loose, loose);
      const top = room.y + row * pitch + random.between(-loose, loose);
      const near = Math.max(0, 1 - Math.hypot(left - x, top - y) / reach);
      path += dot(left, top, pitch * 0.68 * near ** (0.8 + order * 0.5));
    }
  }
  return element('path', { d: path === '' ? 'M0 0' : path, fill: accentOf(stage, plate * 2) });
}

function dot(x: number, y: number, radius: number): string {
  if (radius < 0.4) return '';
  const r = decimal(radius);
  const d = decimal(radius * 2);
  return `M${decimal(x - radius)} ${decimal(y)}a${r} ${r} 0 1 0 ${d} 0a${r} ${r} 0 1 0-${d} 0`;
}

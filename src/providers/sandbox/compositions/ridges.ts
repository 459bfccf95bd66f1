import { mix } from '../colour';
import { box, disc, element, polygon } from '../svg';
import { accentOf, type Stage } from './stage';

/** Mountain ranges in layers under a low sun. */
export function ridges(stage: Stage): string {
  const { room, palette, random, detail } = stage;
  const layers = 3 + Math.round(detail * 11);
  const near = accentOf(stage, random.below(4));
  const far = mix(accentOf(stage, 1 + random.below(3)), palette.ground, 0.45);
  const radius = Math.min(room.width, room.height) * random.between(0.14, 0.24);
  const sunX = room.x + room.width * random.between(0.2, 0.8);
  const sunY = room.y + room.height * random.between(0.26, 0.42);
  let drawn = sky(stage) + disc(sunX, sunY, radius, accentOf(stage, 0));
  for (let layer = 0; layer < layers; layer++) {
    const depth = layers === 1 ? 1 : layer / (layers - 1);
    drawn += ridge(stage, 0.4 + depth * 0.48, 0.17 - depth * 0.08, mix(far, near, depth));
  }
  return drawn;
}

function sky({ room, palette }: Stage): string {
  const [low] = palette.accents;
  const stops =
    element('stop', { offset: 0.1, 'stop-color': palette.ground }) +
    element('stop', { offset: 0.7, 'stop-color': mix(palette.ground, low, 0.5) });
  return element('linearGradient', { id: 'sky', x1: 0, y1: 0, x2: 0, y2: 1 }, stops) + box(room, 'url(#sky)');
}

function ridge({ room, random, detail, order }: Stage, base: number, height: number, fill: string): string {
  const points = 24 + Math.round(detail * 60);
  const waves = Array.from({ length: 5 }, (_, octave) => ({
    frequency: (octave + 1) ** 1.6 * random.between(0.8, 1.3),
    phase: random.between(0, 2 * Math.PI),
    share: octave === 0 ? 1 : (1 - order * 0.75) / (octave + 0.6),
  }));
  const crest = Array.from({ length: points + 1 }, (_, index) => {
    const along = index / points;
    const rise = waves.reduce(
      (sum, wave) => sum + wave.share * Math.sin(along * 2 * Math.PI * wave.frequency + wave.phase),
      0,
    );
    return [room.x + along * room.width, room.y + room.height * (base - height * 0.5 * rise)] as const;
  });
  const bottom = room.y + room.height * 1.2;
  return polygon([[room.x, bottom], ...crest, [room.x + room.width, bottom]], fill);
}

import type { Size } from '../../core/size';
import type { PromptBrief } from './prompt-brief';
import type { Random } from './random';
import type { Rect } from './svg';

/** The areas of a picture, in the order that they are painted. */
export interface Layout {
  readonly art: Rect;
  /** For the references, upon the art; null where there are none. */
  readonly exhibits: Rect | null;
  /** For the lettering; null where the prompt asks for none. */
  readonly panel: Rect | null;
  readonly isCentred: boolean;
  /** For the prompt's colours, side by side; null where it names none. */
  readonly swatches: Rect | null;
  readonly caption: Rect;
}

/** Divides a picture among what its prompt asks for. */
export function layOut(size: Size, brief: PromptBrief, referenceCount: number, random: Random): Layout {
  const captionHeight = Math.round(Math.min(Math.max(9, size.height * 0.05, size.width * 0.022), 64));
  const swatchHeight =
    brief.colours.length === 0 ? 0 : Math.round(size.height * (brief.lettering.length === 0 ? 0.12 : 0.07));
  const poster = { x: 0, y: 0, width: size.width, height: size.height - captionHeight - swatchHeight };
  const plan =
    brief.lettering.length === 0
      ? { art: poster, panel: null, isCentred: false }
      : posterPlan(poster, brief, referenceCount, random);
  return {
    ...plan,
    exhibits: referenceCount === 0 ? null : exhibitRoom(plan.art),
    swatches: swatchHeight === 0 ? null : { x: 0, y: poster.height, width: size.width, height: swatchHeight },
    caption: { x: 0, y: size.height - captionHeight, width: size.width, height: captionHeight },
  };
}

interface PosterPlan {
  readonly art: Rect;
  readonly panel: Rect;
  readonly isCentred: boolean;
}

function posterPlan(poster: Rect, brief: PromptBrief, referenceCount: number, random: Random): PosterPlan {
  const letters = brief.lettering.reduce((sum, text) => sum + text.length, 0);
  const share = Math.min(0.66, 0.4 + 0.03 * brief.lettering.length + letters / 1000);
  const longestWord = Math.max(...brief.lettering.flatMap((text) => text.split(/\s+/).map((word) => word.length)));
  const isPlate = random.chance(0.3) && referenceCount === 0 && longestWord <= 14;
  return isPlate ? platePlan(poster, share) : splitPlan(poster, share, random);
}

function platePlan(poster: Rect, share: number): PosterPlan {
  const isWide = poster.width > poster.height;
  const width = Math.round(poster.width * (isWide ? Math.max(0.5, share) : 0.78));
  const height = Math.round(poster.height * (isWide ? 0.68 : Math.max(0.44, share)));
  const panel = {
    x: Math.round((poster.width - width) / 2),
    y: Math.round((poster.height - height) / 2),
    width,
    height,
  };
  return { art: poster, panel, isCentred: true };
}

/** Lettering on one side, art on the other: side by side on a wide picture, one above the other otherwise. */
function splitPlan(poster: Rect, share: number, random: Random): PosterPlan {
  const isLetteringFirst = random.chance(0.5);
  const isCentred = false;
  if (poster.width > poster.height * 1.25) {
    const cut = Math.round(poster.width * (isLetteringFirst ? share : 1 - share));
    const left = { ...poster, width: cut };
    const right = { ...poster, x: cut, width: poster.width - cut };
    return isLetteringFirst ? { art: right, panel: left, isCentred } : { art: left, panel: right, isCentred };
  }
  const cut = Math.round(poster.height * (isLetteringFirst ? share : 1 - share));
  const top = { ...poster, height: cut };
  const bottom = { ...poster, y: cut, height: poster.height - cut };
  return isLetteringFirst ? { art: bottom, panel: top, isCentred } : { art: top, panel: bottom, isCentred };
}

function exhibitRoom(art: Rect): Rect {
  const [width, height] = [art.width * 0.76, art.height * 0.76];
  return { x: art.x + (art.width - width) / 2, y: art.y + (art.height - height) / 2, width, height };
}

import type { PageOrder } from './flux-image-order';

/** All that an element can be told. A change of any of them is followed at once. */
export const attributes = [
  ...['prompt', 'seed', 'width', 'height', 'steps', 'guidance', 'format', 'key', 'endpoint'],
  ...['src', 'srcset', 'sizes', 'alt', 'thumbhash', 'color', 'loading', 'fetchpriority'],
] as const;

/**
 * Where the picture comes from: an `<img>` inside that is as it should be, a URL, or an order with a key. `unclear`
 * says what is missing.
 */
export type Plan =
  | { readonly from: 'inside' }
  | { readonly from: 'url'; readonly src: string; readonly srcset: string | null }
  | ({ readonly from: 'order' } & PageOrder)
  | { readonly from: 'unclear'; readonly message: string };

/** What reads an element's attributes: null where there is none. */
export type Read = (name: string) => string | null;

const secretKey = /^fg_live_/;

/** @param home the origin that this script came from */
export function planOf(read: Read, { hasImage, home }: { hasImage: boolean; home: string }): Plan {
  const [src, prompt, key] = [read('src'), read('prompt'), read('key')];
  if (src) return { from: 'url', src, srcset: read('srcset') };
  if (hasImage) return { from: 'inside' };
  if (!prompt || !key) return { from: 'unclear', message: 'Give a src, or a prompt and a key.' };
  if (secretKey.test(key)) return { from: 'unclear', message: 'This key is secret: take one of kind pub.' };
  return { from: 'order', endpoint: read('endpoint') ?? home, key, order: orderOf(read, prompt) };
}

function orderOf(read: Read, prompt: string): PageOrder['order'] {
  const numbers = ['seed', 'width', 'height', 'steps', 'guidance'].flatMap((name) => {
    const text = read(name);
    // What is no number goes as it is: the service says what it accepts.
    return text ? [[name, Number.isNaN(Number(text)) ? text : Number(text)] as const] : [];
  });
  return { prompt, output_format: read('format') ?? 'webp', ...Object.fromEntries(numbers) };
}

import type { Sizes } from '../core/capability';
import { renderSize, type Size } from '../core/size';

type NamedSize = Extract<Sizes, { readonly kind: 'aspects' }>['sizes'][number];

/** What a vendor calls the size that a picture is rendered in; null for one that it does not make. */
export function namedSize(sizes: readonly NamedSize[], picture: Size): NamedSize | null {
  const { width, height } = renderSize(picture);
  return sizes.find((size) => size.width === width && size.height === height) ?? null;
}

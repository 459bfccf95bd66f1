import { posix } from 'node:path';
import { hasOneSize, narrowerUrl } from '../../client/picture-url';
import type { LinkSigner } from '../../client/signed-link';
import { signedLink } from '../../client/signed-link';
import { CommandError } from '../exit-code';
import type { Lock, LockedPicture } from './lock';
import type { PictureFormat } from './picture-parameters';
import type { Show, ShownPicture } from './shown-picture';

/** How pages name their pictures: where the service has them, by signed links, or by files beside them. */
export type Delivery =
  | { readonly kind: 'stored' }
  | { readonly kind: 'links'; readonly signer: LinkSigner }
  | { readonly kind: 'inline'; readonly folder: string; readonly prefix: string | null };

/** Few: each is one more file, or one more long link. All of them are among those that the service signs. */
const widths = [320, 640, 960, 1600, 2560];

/** Narrower widths in which a picture is offered. */
export function narrowerThan(width: number): readonly number[] {
  return widths.filter((candidate) => candidate < width);
}

/** How each page is to show a lock's pictures. */
export async function showsOf(lock: Lock, delivery: Delivery): Promise<(pagePath: string) => Show> {
  switch (delivery.kind) {
    case 'stored':
      return () => (fingerprint, format) => shownAs(lock, fingerprint, (locked) => storedAt(lock, format, locked));
    case 'inline':
      return (page) => (fingerprint, format) =>
        shownAs(lock, fingerprint, (locked) => fileOf(locked, format, fileUrls(page, delivery)));
    case 'links':
      return await linkShow(lock, delivery.signer);
  }
}

type Source = Pick<ShownPicture, 'src' | 'srcset'> | null;

function shownAs(lock: Lock, fingerprint: string, sourceOf: (locked: LockedPicture) => Source): ShownPicture | null {
  const locked = lock.pictures[fingerprint];
  const source = locked === undefined ? null : sourceOf(locked);
  if (locked === undefined || source === null) return null;
  const { width, height, thumbhash, color } = locked;
  return { ...source, width, height, thumbhash, color };
}

/** Renditions narrower than a picture, each of its shape: a page that keeps a place for that moves for none of them. */
export function narrowerOf(url: string, width: number): readonly NarrowerUrl[] {
  if (hasOneSize(url)) return [];
  return narrowerThan(width).map((narrow) => ({ width: narrow, url: narrowerUrl(url, narrow) }));
}

interface NarrowerUrl {
  readonly width: number;
  readonly url: string;
}

function storedAt({ service }: Lock, format: PictureFormat, locked: LockedPicture): Source {
  const path = locked.urls[format];
  if (path === undefined) return null;
  if (!path.startsWith('/images/'))
    throw new CommandError(
      'This account is private: the URLs of its pictures end. Use --links, or --inline for files beside the pages (in a build: `links`, `inline`).',
    );
  const src = service + path;
  // The widest is the picture itself, in its exact size.
  const narrower = narrowerOf(src, locked.width).map(({ url, width }) => `${url} ${width}w`);
  return { src, srcset: [...narrower, `${src} ${locked.width}w`].join(', ') };
}

function fileOf({ files }: LockedPicture, format: PictureFormat, urlOf: (name: string) => string): Source {
  const all = files[format] ?? [];
  const widest = all.at(-1);
  if (widest === undefined) return null;
  return {
    src: urlOf(widest.name),
    srcset: all.map(({ name, width }) => `${urlOf(name)} ${width}w`).join(', '),
  };
}

/** Where a page finds a downloaded file. */
export function fileUrls(page: string, { folder, prefix }: NonNullable<Lock['inline']>): (name: string) => string {
  const way = posix.relative(posix.dirname(page), folder);
  const start = prefix ?? (way === '' ? '' : `${encodeURI(way)}/`);
  return (name) => start + name;
}

/**
 * What the URLs of downloads begin with where a site has a base: a page that is there with and without its slash, or at
 * any depth, finds them by that alone. null: the base is relative to each page, and so are they.
 */
export function prefixUnder(base: string, folder: string): string | null {
  if (!/^(?:\/|[a-z][a-z\d+.-]*:)/i.test(base)) return null;
  const way = encodeURI(posix.relative('', folder));
  return `${base.replace(/\/*$/, '/')}${way === '' ? '' : `${way}/`}`;
}

async function linkShow(lock: Lock, signer: LinkSigner): Promise<() => Show> {
  const sources = new Map<string, Source>();
  for (const [fingerprint, { prompt, seed, width, height, steps, guidance, urls }] of Object.entries(lock.pictures)) {
    for (const format of Object.keys(urls) as PictureFormat[]) {
      const linkOf = (w?: number) =>
        signedLink(
          lock.service,
          { prompt, seed, width, height, steps, guidance, format, ...(w === undefined ? {} : { w }) },
          signer,
        );
      const src = await linkOf();
      const narrower = narrowerThan(width).map(async (w) => `${await linkOf(w)} ${w}w`);
      const srcset = [...(await Promise.all(narrower)), `${src} ${width}w`].join(', ');
      sources.set(`${fingerprint} ${format}`, { src, srcset });
    }
  }
  return () => (fingerprint, format) =>
    shownAs(lock, fingerprint, () => sources.get(`${fingerprint} ${format}`) ?? null);
}

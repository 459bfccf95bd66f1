const WIDTHS = [400, 800, 1200];
const TAGS = /<flux-image\b([^>]*)><\/flux-image>|<img\b([^>]*\bdata-flux-prompt=[^>]*)>/g;

/**
 * @typedef {object} Signing
 * @property {{ signedUrl: (order: object, signer: object) => Promise<string> }} client
 * @property {{ keyId: string, secret: string }} signer
 */

/**
 * Gives each picture that a page wants its links, and has it made.
 *
 * @param {string} page
 * @param {Signing} signing
 */
export async function fillPictures(page, signing) {
  const matches = [...page.matchAll(TAGS)];
  const filled = await Promise.all(
    matches.map(([, element, image]) =>
      (element === undefined ? plainImage : fluxImage)(element ?? image ?? '', signing),
    ),
  );
  return page.replaceAll(TAGS, () => filled.shift() ?? '');
}

/**
 * An element with an `<img>` inside it, which is all of it where there are no scripts.
 *
 * @param {string} text its attributes
 * @param {Signing} signing
 */
async function fluxImage(text, signing) {
  const wanted = attributesOf(text);
  const { src, srcset, thumbhash, color } = await linksOf(wanted, wanted.prompt ?? '', wanted.seed, signing);
  const { width, height, alt, sizes, loading = 'lazy' } = wanted;
  const image = tag('img', { src, srcset, sizes, width, height, loading, alt });
  return `${tag('flux-image', { width, height, thumbhash, color })}${image}</flux-image>`;
}

/**
 * @param {string} text its attributes
 * @param {Signing} signing
 */
async function plainImage(text, signing) {
  const { 'data-flux-prompt': prompt = '', 'data-flux-seed': seed, ...wanted } = attributesOf(text);
  const { src, srcset } = await linksOf(wanted, prompt, seed, signing);
  return tag('img', { src, srcset, ...wanted });
}

/**
 * Links to a picture in several widths, and what is known of it once it is there: the first look at a link makes it.
 *
 * @param {Record<string, string>} wanted
 * @param {string} prompt
 * @param {string | undefined} seed
 * @param {Signing} signing
 */
async function linksOf({ width, height }, prompt, seed, { client, signer }) {
  const order = { prompt, seed, width, height, format: 'webp' };
  const src = await client.signedUrl(order, signer);
  const narrower = WIDTHS.filter((w) => w < Number(width));
  const links = await Promise.all(
    narrower.map(async (w) => `${await client.signedUrl({ ...order, w }, signer)} ${w}w`),
  );
  const answer = await fetch(src);
  if (!answer.ok) throw new Error(`A picture could not be made: ${await answer.text()}`);
  await answer.arrayBuffer();
  const told = (/** @type {string} */ name) => answer.headers.get(`x-fluxgate-${name}`) ?? undefined;
  return { src, srcset: [...links, `${src} ${width}w`].join(', '), thumbhash: told('thumbhash'), color: told('color') };
}

/** @param {string} text @returns {Record<string, string>} */
function attributesOf(text) {
  return Object.fromEntries(
    Array.from(text.matchAll(/([\w-]+)="([^"]*)"/g), ([, name = '', value = '']) => [
      name,
      value.replaceAll('&quot;', '"').replaceAll('&amp;', '&'),
    ]),
  );
}

/** @param {string} name @param {Record<string, string | undefined>} attributes */
function tag(name, attributes) {
  const given = Object.entries(attributes).flatMap(([attribute, value]) =>
    value === undefined ? [] : [` ${attribute}="${value.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}"`],
  );
  return `<${name}${given.join('')}>`;
}

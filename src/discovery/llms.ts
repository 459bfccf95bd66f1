import type { Catalogue, Dialect } from '../core/dialect';
import { limits, modelId } from '../core/image-request';
import type { OwnRoute } from './own-route';
import { wirePath } from './wire-schema';

/** What the document says of this deployment. */
export interface Told {
  readonly origin: string;
  readonly catalogue: Catalogue;
  /** Routes that belong to no dialect. */
  readonly own: readonly OwnRoute[];
}

/** `/llms.txt`: what a language model needs to use this deployment. See https://llmstxt.org */
export function llmsText(dialects: readonly Dialect[], { origin, catalogue, own }: Told): string {
  const dollars = (catalogue.priceMicros / 1e6).toFixed(4);
  const routes = dialects.flatMap(({ title, operations }) =>
    operations.map(({ method, path, summary }) => `- ${method} ${path} (${title}): ${summary}`),
  );
  const account = own.filter(({ tag }) => tag === 'account');
  return [
    '# Fluxgate',
    '',
    `> FLUX.2 [flex] (${modelId}) behind the APIs of several vendors, at ${origin}. The same prompt, references, seed and parameters are the same picture in any of them, bought once.`,
    '',
    `One picture of 1024×1024 costs $${dollars}${catalogue.isSandbox ? ' (pretended: this deployment runs the sandbox)' : ''}. A picture that is stored already costs nothing.`,
    `Limits: prompt of ${limits.promptCharacters} characters, ${limits.edgePixels.min} to ${limits.edgePixels.max} pixels an edge and 4 megapixels, steps ${limits.steps.min}–${limits.steps.max}, guidance ${limits.guidance.min}–${limits.guidance.max}, ${limits.references} references of 20 MB.`,
    '',
    '## Documents',
    '',
    `- [OpenAPI](${origin}/openapi.json): every route and parameter`,
    `- [Reference](${origin}/docs): the same to read`,
    '',
    '## Routes',
    '',
    ...routes,
    '',
    '## Pictures and links',
    '',
    ...pictureRoutes,
    '',
    '## The account',
    '',
    ...account.map(({ method, path, summary }) => `- ${method} ${wirePath(path)}: ${summary}`),
    '',
  ].join('\n');
}

const pictureRoutes = [
  '- GET /images/{fingerprint}.{png,jpg,webp,avif,auto}: a stored picture, without a key; w, h, fit and q make it smaller',
  '- GET /images/{fingerprint}.json: what it was made from, and its URLs',
  '- GET /i/{name}.{webp,avif,jpg,png}?prompt=…&key=…&sig=…: a signed link, for the src of an image; it has its picture made once. Signed with a link key, by our client or `fluxgate link`',
];

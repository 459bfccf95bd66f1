import { type Command, InvalidArgumentError, Option } from 'commander';
import { sizeLadder } from '../../client/ladders';
import type { PictureOptions } from '../../client/order';
import type { LinkOptions } from '../../client/signed-link';
import { CommandError } from '../exit-code';
import { type OrderWords, orderOf, withPictureOptions } from '../order-words';
import type { Act } from '../session';
import { allowance, examples, momentToCome } from '../words';

interface LinkWords extends OrderWords {
  readonly linkKey?: string;
  readonly linkSecret?: string;
  readonly format?: LinkOptions['format'];
  readonly expires?: string;
  readonly w?: number;
  readonly max?: number;
  readonly onmiss?: NonNullable<LinkOptions['onMiss']>;
  readonly onfail?: NonNullable<LinkOptions['onFail']>;
  readonly slug?: string;
}

/** What a site's author needs from the service: signed links, and the tag of its script. */
export function siteCommands(program: Command, act: Act): void {
  linkCommand(program, act);
  embedCommand(program, act);
}

function linkCommand(program: Command, act: Act): void {
  withPictureOptions(program.command('link <prompt>').description('a signed link for an <img>; asks and buys nothing'))
    .option('--link-key <id>', 'the id of a key of kind link (FLUXGATE_LINK_KEY)')
    .option('--link-secret <secret>', 'its secret (FLUXGATE_LINK_SECRET)')
    .addOption(new Option('--format <format>', 'of the file').choices(['png', 'jpeg', 'webp', 'avif']).default('jpeg'))
    .option('--w <pixels>', 'shown so wide, from the ladder of sizes; --size is how large it is made', rung)
    .option('--max <dollars>', 'the most that the link may spend', allowance)
    .addOption(new Option('--onmiss <manner>', 'while it is made').choices(['wait', 'placeholder', '202']))
    .addOption(new Option('--onfail <manner>', 'where there is none').choices(['status', 'placeholder']))
    .option('--slug <name>', 'what the file is called; else made from the prompt', slug)
    .option('--expires <time>', 'when the link buys nothing any more; a private one shows nothing either', momentToCome)
    .addHelpText('after', examples('link "A red fox in the snow" --size 1600x900 --seed 7'))
    .action(
      act<[string], LinkWords>(async ({ client, answer, variables }, [prompt], options) => {
        const keyId = options.linkKey ?? variables.FLUXGATE_LINK_KEY;
        const secret = options.linkSecret ?? variables.FLUXGATE_LINK_SECRET;
        if (!keyId || !secret) throw new CommandError(keyIsMissing);
        const { references = [], ...order } = await orderOf(prompt, options);
        checkPrompt(order.prompt);
        if (references.some((reference) => typeof reference !== 'string'))
          throw new CommandError('A link takes references by their https URLs alone.');
        checkSize(options.size);
        const { format, expires, w, max, onmiss, onfail, slug } = options;
        const shown = { format, w, onMiss: onmiss, onFail: onfail };
        const wanted = { ...order, ...given(shown), references: references.map(String) };
        const ending = expires === undefined ? undefined : new Date(expires);
        const signer = { keyId, secret, ...given({ expires: ending, maxMicros: max, slug }) };
        const url = await client.signedUrl(wanted, signer);
        answer({ url }, () => url);
        return undefined;
      }),
    );
}

/** What the service refuses whoever signs it is better known before it is in a page. */
function rung(text: string): number {
  if (/^\d+$/.test(text) && sizeLadder.includes(Number(text))) return Number(text);
  throw new InvalidArgumentError(`Expected one of ${sizeLadder.join(', ')}.`);
}

function slug(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._~-]{0,120}$/.test(text)) return text;
  throw new InvalidArgumentError(
    'Expected at most 121 letters, digits, hyphens, dots, _ and ~, a letter or digit first.',
  );
}

function checkPrompt(prompt: PictureOptions['prompt']): void {
  if (typeof prompt === 'string' ? prompt.trim() !== '' : Object.keys(prompt).length > 0) return;
  throw new CommandError('The prompt is empty: expected what is to be seen, such as "A red fox in the snow".');
}

const edges = { min: 64, max: 4096 };
const largestPixels = 4 * 1024 * 1024;
const renderMultiple = 16;

function checkSize(size: OrderWords['size']): void {
  if (size === undefined) return;
  const both = [size.width, size.height];
  const [width = 0, height = 0] = both.map((edge) => Math.ceil(edge / renderMultiple) * renderMultiple);
  if (both.every((edge) => edge >= edges.min && edge <= edges.max) && width * height <= largestPixels) return;
  throw new CommandError(
    `${both.join('x')} cannot be made: expected ${edges.min} to ${edges.max} pixels each, and at most 4 megapixels, such as 2048x2048.`,
  );
}

/** Without what was not said. */
function given<Values extends object>(values: Values): { [Name in keyof Values]?: Exclude<Values[Name], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as ReturnType<
    typeof given<Values>
  >;
}

const keyIsMissing =
  'Links take a --link-key and its --link-secret (FLUXGATE_LINK_KEY, FLUXGATE_LINK_SECRET): "fluxgate keys create <account> --link".';

function embedCommand(program: Command, act: Act): void {
  program
    .command('embed')
    .description('the <script> that brings <flux-image> to a page, with its integrity')
    .addHelpText('after', examples('embed --url https://pictures.example.com'))
    .action(
      act<[], object>(async ({ transport, answer }) => {
        const response = await transport.send('/embed.js', { keyless: true });
        const digest = Buffer.from(await crypto.subtle.digest('SHA-384', await response.arrayBuffer()));
        // As scripts/embed.mjs names it.
        const src = `${transport.baseUrl}/embed.${digest.toString('hex').slice(0, 16)}.js`;
        const integrity = `sha384-${digest.toString('base64')}`;
        const tag = `<script type="module" src="${src}" integrity="${integrity}" crossorigin></script>`;
        answer({ src, integrity }, () => tag);
        return undefined;
      }),
    );
}

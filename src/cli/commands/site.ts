import type { Command } from 'commander';
import type { LinkOptions } from '../../client/signed-link';
import { CommandError } from '../exit-code';
import { type OrderWords, orderOf, withOrderOptions } from '../order-words';
import type { Act } from '../session';
import { examples, moment } from '../words';

interface LinkWords extends OrderWords {
  readonly linkKey?: string;
  readonly linkSecret?: string;
  readonly format?: LinkOptions['format'];
  readonly expires?: string;
}

/** What a site's author needs from the service: signed links, and the tag of its script. */
export function siteCommands(program: Command, act: Act): void {
  linkCommand(program, act);
  embedCommand(program, act);
}

function linkCommand(program: Command, act: Act): void {
  withOrderOptions(program.command('link <prompt>').description('a signed link for an <img>; asks and buys nothing'))
    .option('--link-key <id>', 'the id of a key of kind link (FLUXGATE_LINK_KEY)')
    .option('--link-secret <secret>', 'its secret (FLUXGATE_LINK_SECRET)')
    .option('--format <format>', 'png, jpeg, webp or avif')
    .option('--expires <time>', 'when the link buys nothing any more', moment)
    .addHelpText('after', examples('link "A red fox in the snow" --size 1600x900 --seed 7'))
    .action(
      act<[string], LinkWords>(async ({ client, answer, variables }, [prompt], options) => {
        const keyId = options.linkKey ?? variables.FLUXGATE_LINK_KEY;
        const secret = options.linkSecret ?? variables.FLUXGATE_LINK_SECRET;
        if (!keyId || !secret) throw new CommandError(keyIsMissing);
        const { references = [], ...order } = await orderOf(prompt, options);
        if (references.some((reference) => typeof reference !== 'string'))
          throw new CommandError('A link takes references by their https URLs alone.');
        const { format = 'webp', expires } = options;
        const wanted = { ...order, format, references: references.map(String) };
        const signer = { keyId, secret, ...(expires === undefined ? {} : { expires: new Date(expires) }) };
        const url = await client.signedUrl(wanted, signer);
        answer({ url }, () => url);
        return undefined;
      }),
    );
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

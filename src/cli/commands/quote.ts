import type { Command } from 'commander';
import { type OrderWords, orderOf, withOrderOptions } from '../order-words';
import type { Act } from '../session';
import { facts } from '../table';
import { dollars } from '../wording';
import { examples } from '../words';

export function quoteCommand(program: Command, act: Act): void {
  withOrderOptions(program.command('quote <prompt>').description('what a picture would cost; buys nothing'))
    .addHelpText('after', examples('quote "A red fox in the snow" --size 1920x1080', 'quote "A fox" --seed 7 --json'))
    .action(
      act<[string], OrderWords>(async ({ client, answer, terminal: { paint } }, [prompt], options) => {
        const quote = await client.quote(await orderOf(prompt, options));
        answer(quote, () =>
          quote.pictures
            .map(({ stored, provider, priceMicros, changes, fingerprint, parameters }) =>
              facts(
                [
                  [
                    'Price',
                    `${paint(priceMicros === 0 ? 'green' : 'bold', dollars(priceMicros))}${stored ? ', it is stored already' : ''}`,
                  ],
                  ['Provider', provider ?? '—'],
                  ['Size', `${parameters.width}×${parameters.height}`],
                  ['Steps', `${parameters.steps}, guidance ${parameters.guidance}, seed ${parameters.seed}`],
                  ...(changes.length === 0 ? [] : [['Changes', changes.join('; ')] as const]),
                  ['Fingerprint', fingerprint],
                ],
                paint,
              ),
            )
            .join('\n\n'),
        );
        return undefined;
      }),
    );
}

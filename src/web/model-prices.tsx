import { dollars } from './money';
import type { SiteFacts } from './site-facts';

/** What pictures cost at this deployment, and what it takes. */
export function ModelPrices({ facts }: { readonly facts: SiteFacts }) {
  return (
    <section aria-labelledby="prices">
      <h2 id="prices">Prices and limits here</h2>
      <div class="columns">
        <PriceTable facts={facts} />
        <LimitTable facts={facts} />
      </div>
      <ProviderTable facts={facts} />
    </section>
  );
}

function PriceTable({ facts: { examples, isSandbox, hitMicros } }: { readonly facts: SiteFacts }) {
  return (
    <section class="scroll" tabindex={0} aria-label="Prices">
      <table>
        <caption>
          {isSandbox ? 'Pretended prices: the sandbox buys nothing' : 'A picture that nobody asked for before'}
        </caption>
        <tbody>
          {examples.map(({ name, width, height, micros }) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="data">
                {width} × {height}
              </td>
              <td class="data number">{dollars(micros, 4)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">Any picture again</th>
            <td class="data">stored</td>
            <td class="data number">{dollars(hitMicros)}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function LimitTable({ facts: { limits } }: { readonly facts: SiteFacts }) {
  const rows = [
    ['Prompt', `${limits.promptCharacters.toLocaleString('en')} characters, or a JSON object`],
    ['Edges', `${limits.edgePixels.min} to ${limits.edgePixels.max} pixels`],
    ['Area', `${limits.areaPixels / 1024 / 1024} megapixels, such as 2048 × 2048`],
    ['References', `${limits.references}, of ${limits.referenceBytes / 1024 / 1024} MB each`],
    ['Pictures in a request', `${limits.picturesPerOrder}`],
    ['Formats', 'PNG, JPEG, WebP, AVIF'],
  ] as const;
  return (
    <section class="scroll" tabindex={0} aria-label="Limits">
      <table>
        <caption>What a request may ask for</caption>
        <tbody>
          {rows.map(([name, value]) => (
            <tr>
              <th scope="row">{name}</th>
              <td class="data">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ProviderTable({ facts: { providers } }: { readonly facts: SiteFacts }) {
  return (
    <section class="scroll" tabindex={0} aria-label="Providers">
      <table>
        <caption>Who makes the pictures here, in the order they are asked</caption>
        <tbody>
          {providers.map(({ title, price, delivers }) => (
            <tr>
              <th scope="row">{title}</th>
              <td>{price}</td>
              <td>delivers {delivers}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

import type { Capability, Sizes, Values } from '../core/capability';
import type { Price } from '../core/price';
import type { ProviderEntry } from '../core/provider';

/** What each provider can make, as Markdown: `docs/providers.md`. */
export function providerTable(entries: readonly ProviderEntry[]): string {
  const head = [
    '# What each provider can make',
    '',
    'Made by `npm run docs` from the capabilities that requests are weighed with; a test fails when it falls behind.',
    'A request outside of these is refused by that provider, or adjusted where the caller sends `x-fluxgate-fit: nearest`.',
    '',
    '| provider | settings | steps | guidance | safety | upsampling | sizes | references | seed | delivers | under way | price |',
    '|---|---|---|---|---|---|---|---|---|---|---|---|',
  ];
  return `${[...head, ...entries.map(rowOf)].join('\n')}\n`;
}

function rowOf({ id, documentation, prefix, capability }: ProviderEntry): string {
  const cells = [
    `[${id}](${documentation})`,
    `\`${prefix}_API_KEY\``,
    valuesText(capability.steps),
    valuesText(capability.guidance),
    valuesText(capability.safetyTolerance),
    capability.promptUpsampling,
    sizesText(capability.sizes),
    String(capability.references),
    capability.takesSeed ? 'yes' : 'no',
    capability.delivers,
    capability.concurrency === null ? '' : String(capability.concurrency),
    priceText(capability),
  ];
  return `| ${cells.join(' | ')} |`;
}

function valuesText(values: Values): string {
  switch (values.kind) {
    case 'range':
      return `${values.min}–${values.max}`;
    case 'choices':
      return values.values.join(', ');
    case 'fixed':
      return `always ${values.value}`;
  }
}

function sizesText(sizes: Sizes): string {
  if (sizes.kind === 'pixels') return `${sizes.minEdge}–${sizes.maxEdge} px, ${(sizes.maxArea / 1e6).toFixed(2)} MP`;
  return sizes.sizes.map(({ aspectRatio, width, height }) => `${aspectRatio} (${width}×${height})`).join(', ');
}

function priceText({ price }: Capability): string {
  const dollars = (micros: number) => `$${(micros / 1e6).toFixed(3)}`;
  return pricedBy(price, dollars);
}

function pricedBy(price: Price, dollars: (micros: number) => string): string {
  if (price.kind === 'flat') return `${dollars(price.pictureMicros)} a picture`;
  const { firstOutputMicros, furtherOutputMicros, inputMicros, isRoundedUp } = price;
  const rounding = isRoundedUp ? ', each started megapixel whole' : '';
  return `${dollars(firstOutputMicros)} first MP, ${dollars(furtherOutputMicros)} further, ${dollars(inputMicros)} in${rounding}`;
}

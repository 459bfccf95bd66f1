import type { Catalogue, Dialect } from '../core/dialect';
import { type ImageRequest, limits, type Reference } from '../core/image-request';
import { type Price, priceMicros, squareMegapixel } from '../core/price';
import type { Provider } from '../core/provider';
import { parseAspectRatio, sizeOfAspect } from '../core/size';
import { parameterRows } from './parameter-table';
import { requestRecipes } from './request-recipes';

/** What a deployment has to tell about itself. */
export interface Deployed {
  readonly dialects: readonly Dialect[];
  readonly providers: readonly Pick<Provider, 'id' | 'title' | 'capability' | 'isSandbox'>[];
  readonly catalogue: Catalogue;
}

/** All that the pages show of a deployment, as plain data: from the same schemas and prices that orders go by. */
export function siteFacts({ dialects, providers, catalogue }: Deployed) {
  const [first] = providers;
  return {
    isSandbox: catalogue.isSandbox,
    limits,
    providers: providers.map(({ id, title, capability }) => ({
      id,
      title,
      price: priceWords(capability.price),
      delivers: capability.delivers,
    })),
    examples: first === undefined ? [] : examples.map((example) => priced(example, first.capability.price)),
    parameters: parameterFacts(dialects),
    recipes: requestRecipes(dialects),
    sizes: sizePresets(),
  };
}

const reference: Reference = {
  sha256: '0'.repeat(64),
  contentType: 'image/png',
  width: 1024,
  height: 1024,
  sizeBytes: 1,
};
const examples = [
  { name: 'Thumbnail', width: 512, height: 512, references: 0 },
  { name: 'Square', width: 1024, height: 1024, references: 0 },
  { name: 'Full HD', width: 1920, height: 1080, references: 0 },
  { name: 'Largest square', width: 2048, height: 2048, references: 0 },
  { name: 'Edit of one picture', width: 1024, height: 1024, references: 1 },
] as const;

const aspects = ['1:1', '5:4', '4:3', '3:2', '16:9', '21:9', '4:5', '3:4', '2:3', '9:16'];
const areas = [0.25, 0.5, 1, 2, 4];

/** The sizes that shapes and areas stand for, as orders by aspect ratio get them. */
function sizePresets() {
  return aspects.flatMap((aspect) =>
    areas.map((megapixels) => ({ aspect, megapixels, ...sizeOfAspect(parseAspectRatio(aspect), megapixels) })),
  );
}

function priced(example: (typeof examples)[number], price: Price) {
  const { width, height } = example;
  const references = Array.from({ length: example.references }, () => reference);
  const request: ImageRequest = { ...squareMegapixel, width, height, references };
  return { ...example, micros: priceMicros(price, request) };
}

function priceWords(price: Price): string {
  const dollars = (micros: number) => `$${(micros / 1e6).toFixed(3)}`;
  if (price.kind === 'flat') return `${dollars(price.pictureMicros)} a picture`;
  const { firstOutputMicros, furtherOutputMicros, inputMicros, isRoundedUp } = price;
  const rounding = isRoundedUp ? '; a started megapixel counts whole' : '';
  return `${dollars(firstOutputMicros)} for the first megapixel, ${dollars(furtherOutputMicros)} for each further one, ${dollars(inputMicros)} for each of references${rounding}`;
}

/** The parameters under the names of the route that has most of them, with those of all other dialects. */
function parameterFacts(dialects: readonly Dialect[]) {
  const rows = parameterRows(dialects).filter(({ canonical }) => canonical !== null);
  const own = rows.filter(({ dialect, route }) => dialect === 'openai' && route.endsWith('/generations'));
  // The model's one reference by a name of its own is the list with one in it.
  return own
    .filter(({ name }) => name !== 'input_image')
    .map(({ name, canonical, accepts, default: fallback, description }) => {
      const others = rows.filter((row) => row.canonical === canonical && row.dialect !== 'openai');
      const names = new Set(others.map((row) => row.name.split('.').at(-1) ?? ''));
      return {
        name,
        accepts: accepts.replaceAll('`', ''),
        default: fallback.replaceAll(/[`"]/g, '').replace('null', ''),
        description,
        alsoNamed: [...names].filter((other) => other !== name),
      };
    });
}

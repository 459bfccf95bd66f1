import { pageOf, sampleOf, type Vendor, vendors } from './vendor-page.ts';

/** Every sample of the vendors' pages, cut out of the page as it stands. */
export const samples = {
  '1min': {
    curl: sampleOf('1min', 'curl --location', "}'"),
    fetch: sampleOf('1min', 'fetch(', '})\n})'),
    python: sampleOf('1min', 'import requests', 'json=data)'),
    playground: sampleOf('1min', 'curl -X POST', "}'"),
  },
  aigateway: {
    curl: sampleOf('aigateway', 'curl https:', "}'"),
    body: sampleOf('aigateway', 'POST https:', '\n}'),
    quickstart: sampleOf('aigateway', 'from openai import OpenAI', 'print(r.data[0].url)'),
  },
  cometapi: {
    python: sampleOf('cometapi', 'import os', `print(f"Output Megapixels: {result.get('output_mp')}")`),
  },
  hinow: {
    chat: sampleOf('hinow', 'POST https://api.hinow.ai/v1/chat', '\n}'),
    images: sampleOf('hinow', 'POST https://api.hinow.ai/v1/images', '\n}'),
    curl: sampleOf('hinow', 'curl -X POST', "}'"),
  },
  oxen: {
    edit: sampleOf('oxen', 'curl -X POST', "]\n}'"),
    model: sampleOf('oxen', 'curl -H', 'models/flux-2-flex'),
  },
} as const satisfies Record<Vendor, Record<string, string>>;

/** What a line of a page begins with where a sample does. */
const opening = /^(?:curl |fetch\(|import requests|from openai |POST https:)/gm;

/** How many samples each page has, and how many of them are above. */
export function countSamples(): Readonly<Record<Vendor, { readonly onPage: number; readonly here: number }>> {
  const counts = vendors.map((vendor) => {
    const onPage = pageOf(vendor).match(opening)?.length ?? 0;
    return [vendor, { onPage, here: Object.keys(samples[vendor]).length }] as const;
  });
  return Object.fromEntries(counts) as Record<Vendor, { onPage: number; here: number }>;
}

/** The answers that pages show. Their comments are prose. */
export const answers: Readonly<Record<'1min' | 'aigateway', object>> = {
  '1min': JSON.parse(sampleOf('1min', '{\n"aiRecord"', '"\n}\n}')),
  aigateway: JSON.parse(withoutComments(sampleOf('aigateway', '{\n  "created"', '\n}'))),
};

/** JSON as pages show it, without what they say of it. */
export function withoutComments(json: string): string {
  return json.replaceAll(/(?<=^|\s)\/\/.*$/gm, '');
}

/** A request as pages write it down: a line, headers, and a body. */
export function requestIn(sample: string): Request {
  const [head = '', body = ''] = sample.split('\n\n');
  const [line = '', ...fields] = head.split('\n');
  const [method = '', url = ''] = line.split(' ');
  const headers = fields.map((field) => field.split(': ') as [string, string]);
  return new Request(url, { method, headers, body });
}

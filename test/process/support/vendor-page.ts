import { readFileSync } from 'node:fs';

export const vendors = ['1min', 'aigateway', 'cometapi', 'hinow', 'oxen'] as const;
export type Vendor = (typeof vendors)[number];

/** The samples and answers of a vendor's page, each as it stands there, in their order. */
export function pageOf(vendor: Vendor): string {
  return readFileSync(new URL(`../../fixtures/${vendor}/page-samples.txt`, import.meta.url), 'utf8');
}

/** The part of a page from the first place where `from` stands to the end of the next `to`, verbatim. */
export function sampleOf(vendor: Vendor, from: string, to: string): string {
  const page = pageOf(vendor);
  const start = page.indexOf(from);
  const end = page.indexOf(to, start + from.length);
  if (start < 0 || end < 0) throw new Error(`${vendor}'s page has no ${start < 0 ? from : to}.`);
  return page.slice(start, end + to.length);
}

/** The sample with each text replaced wherever it stands. @throws Error when one stands nowhere. */
export function withReplaced(sample: string, replacements: Readonly<Record<string, string>>): string {
  return Object.entries(replacements).reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`The sample has no ${from}.`);
    return text.replaceAll(from, to);
  }, sample);
}

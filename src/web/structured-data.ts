import type { Question } from './questions';
import type { SiteFacts } from './site-facts';

/** The model page for machines: https://schema.org */
export function modelData({ origin, examples, isSandbox }: SiteFacts, questions: readonly Question[]): object[] {
  const square = examples.find(({ name }) => name === 'Square');
  const offer =
    square === undefined || isSandbox
      ? {}
      : { offers: { '@type': 'Offer', price: square.micros / 1e6, priceCurrency: 'USD' } };
  return [
    {
      '@context': 'https://schema.org',
      '@type': 'WebAPI',
      name: 'FLUX.2 [flex] on Fluxgate',
      url: `${origin}/`,
      documentation: `${origin}/docs`,
      provider: { '@type': 'Organization', name: 'Fluxgate' },
      ...offer,
    },
    {
      '@context': 'https://schema.org',
      '@type': 'FAQPage',
      mainEntity: questions.map(({ question, answer }) => ({
        '@type': 'Question',
        name: question,
        acceptedAnswer: { '@type': 'Answer', text: answer },
      })),
    },
  ];
}

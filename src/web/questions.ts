import { dollars } from './money';
import type { SiteFacts } from './site-facts';

export interface Question {
  readonly question: string;
  readonly answer: string;
}

/** What people ask about the model, answered for this deployment. */
export function questionsOf(facts: SiteFacts): readonly Question[] {
  return [...aboutHere(facts), ...aboutUse(facts), ...aboutMoney(facts)];
}

function aboutHere({ examples, hitMicros, isSandbox, recipes }: SiteFacts): Question[] {
  const square = examples.find(({ name }) => name === 'Square');
  const first = square === undefined ? 'It depends on the provider' : `${dollars(square.micros)} for 1024 × 1024`;
  const again = hitMicros === 0 ? 'nothing' : dollars(hitMicros);
  const pretended = isSandbox ? ' That is pretended: this deployment runs the sandbox, which buys nothing.' : '';
  const titles = [...new Set(recipes.map(({ title }) => title))];
  return [
    {
      question: 'What is FLUX.2 [flex]?',
      answer:
        'A model of Black Forest Labs that makes and edits pictures. Of the FLUX.2 family it is the one that lets you set the number of steps and the guidance, and it is strongest where a picture has words in it.',
    },
    {
      question: 'What does a picture cost here?',
      answer: `${first}, and ${again} when the same picture was made before.${pretended} The workbench shows the price of your picture before you make it.`,
    },
    {
      question: 'Which API do I call it with?',
      answer: `The one you have code for: ${titles.join(', ')}. Change the address and the key, and nothing else.`,
    },
  ];
}

function aboutUse({ limits }: SiteFacts): Question[] {
  return [
    {
      question: 'Do I get the same picture again?',
      answer:
        'Yes. The same prompt, references, seed and parameters are the same bytes, in every API and for as long as they are stored. If you send no seed, one is drawn and told to you.',
    },
    {
      question: 'How many references can I send?',
      answer: `Up to ${limits.references}, as uploads, data URLs or links; 8 in the API of Black Forest Labs itself. PNG, JPEG, WebP or GIF.`,
    },
    {
      question: 'How many steps should I take?',
      answer:
        'Six to ten for a sketch in seconds, about thirty for most things, fifty for small type and fine detail. More steps take longer and cost the same.',
    },
  ];
}

function aboutMoney({ providers }: SiteFacts): Question[] {
  return [
    {
      question: 'Am I charged for a request that fails or is sent twice?',
      answer:
        'A request that is repeated joins the first one, and is bought once. What a vendor refuses or fails at without charging costs nothing. Where nobody can tell whether a vendor sold, it is not bought again.',
    },
    {
      question: 'Who makes the pictures?',
      answer: `${providers.map(({ title }) => title).join(', ')}. Every picture's recipe says who made it, and you may bring a vendor's key of your own.`,
    },
  ];
}

import { Document } from './document';
import { Icon } from './icons';
import { ModelDialects } from './model-dialects';
import { ModelFigures } from './model-figures';
import { ModelParameters } from './model-parameters';
import { ModelPrices } from './model-prices';
import { dollars } from './money';
import { PictureStrip } from './picture-strip';
import { questionsOf } from './questions';
import type { SiteFacts } from './site-facts';
import { modelData } from './structured-data';

const description =
  'FLUX.2 [flex]: pictures with type that is spelled right, exact colours, up to ten references, and steps and guidance to turn. Prices, parameters and code for this deployment.';

/** `/`: what the model is, what it costs here, and how to ask for a picture in the API that one speaks already. */
export function ModelPage({ facts }: { readonly facts: SiteFacts }) {
  const questions = questionsOf(facts);
  return (
    <Document
      title="FLUX.2 [flex] on Fluxgate"
      description={description}
      path="/"
      origin={facts.origin}
      structuredData={modelData(facts, questions)}
    >
      <main id="main" class="model">
        <Opening facts={facts} />
        <PictureStrip facts={facts} />
        <Strengths facts={facts} />
        <ModelPrices facts={facts} />
        <ModelParameters facts={facts} />
        <ModelDialects facts={facts} />
        <ModelFigures facts={facts} />
        <section aria-labelledby="questions">
          <h2 id="questions">Questions</h2>
          <div class="questions">
            {questions.map(({ question, answer }) => (
              <div>
                <h3>{question}</h3>
                <p>{answer}</p>
              </div>
            ))}
          </div>
        </section>
      </main>
    </Document>
  );
}

function Opening({ facts }: { readonly facts: SiteFacts }) {
  const square = facts.examples.find(({ name }) => name === 'Square');
  return (
    <section class="opening">
      <p class="eyebrow">Black Forest Labs</p>
      <h1>FLUX.2 [flex]</h1>
      <p class="lead">
        The image model with the dials left on. Set the steps and the guidance, fix the seed, and get the very same
        picture again. Asked for twice, it is bought once.
      </p>
      <p class="actions">
        <a class="button" href="/workbench">
          Make a picture
          <Icon name="arrow" />
        </a>
        <a class="button plain" href="#apis">
          Call it from code
        </a>
      </p>
      <dl class="figures">
        <div>
          <dt>A picture of 1024 × 1024</dt>
          <dd>{square === undefined ? 'on request' : dollars(square.micros)}</dd>
        </div>
        <div>
          <dt>The same picture again</dt>
          <dd>{dollars(facts.hitMicros)}</dd>
        </div>
        <div>
          <dt>Largest</dt>
          <dd>{facts.limits.areaPixels / 1024 / 1024} MP</dd>
        </div>
      </dl>
      {facts.isSandbox ? <SandboxNote /> : null}
    </section>
  );
}

/** Said before anything else, where it is so. */
function SandboxNote() {
  return (
    <p class="note">
      This deployment runs the <strong>sandbox</strong>: its pictures are placeholders drawn by the gateway, made to
      test with. Nothing is bought, and the prices are pretended. With a vendor's key the same requests make real
      pictures.
    </p>
  );
}

function Strengths({ facts }: { readonly facts: SiteFacts }) {
  return (
    <section aria-labelledby="strengths">
      <h2 id="strengths">What it is good at</h2>
      <dl class="strengths">
        {strengthsOf(facts).map(([name, text]) => (
          <div>
            <dt>{name}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

/** A name and a sentence for each. */
function strengthsOf({ limits }: SiteFacts) {
  return [
    [
      'Type and layout',
      'Posters, packaging, interfaces and infographics, with words that are spelled as you wrote them.',
    ],
    [
      'Quality against time',
      `From ${limits.steps.min} to ${limits.steps.max} steps: few for a sketch, many for the print.`,
    ],
    [
      'As close as you like',
      `Guidance from ${limits.guidance.min} to ${limits.guidance.max}: loose and natural, or to the letter of the prompt.`,
    ],
    [
      'Edit and combine',
      `Up to ${limits.references} reference pictures: keep a face, a product or a style, and change the rest.`,
    ],
    ['Exact colours', 'Write a hex code such as #ff6600 into the prompt, and that is the colour.'],
    ['Prompts as text or JSON', 'Describe the scene in a sentence, or subject by subject in a JSON object.'],
  ] as const;
}

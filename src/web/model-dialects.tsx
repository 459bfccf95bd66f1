import { codeText, keyVariable } from './samples/code-text';
import { composeRequest } from './samples/compose-request';
import type { PictureSettings } from './samples/picture-settings';
import type { RequestRecipe, SiteFacts } from './site-facts';

/** One picture that every dialect has words for. */
export const samplePicture: PictureSettings = {
  prompt: 'A poster that says "HELLO" in #ff6600',
  references: [],
  width: 1024,
  height: 1024,
  steps: 30,
  guidance: 5,
  seed: 7,
  promptUpsampling: true,
  safetyTolerance: 2,
  format: 'png',
  quality: 90,
};

/** The APIs that this deployment answers in, each with a request that works as it stands. */
export function ModelDialects({ facts }: { readonly facts: SiteFacts }) {
  const dialects = [...Map.groupBy(facts.recipes, ({ dialect }) => dialect).values()];
  return (
    <section aria-labelledby="apis">
      <h2 id="apis">In the API that you already speak</h2>
      <p class="aside">
        All of these requests are for one picture, and give the same bytes. Put your key into <code>{keyVariable}</code>
        , and paste one into a shell. The <a href="/workbench">workbench</a> writes them for your own picture, in
        JavaScript and Python too.
      </p>
      <div class="dialects">
        {dialects.map((recipes) => (
          <DialectSample origin={facts.origin} recipes={recipes} />
        ))}
      </div>
    </section>
  );
}

function DialectSample({ origin, recipes }: { readonly origin: string; readonly recipes: readonly RequestRecipe[] }) {
  const [first] = recipes;
  const composed = composeRequest(recipes, samplePicture);
  if (first === undefined || composed.kind === 'impossible') return null;
  const code = codeText('curl', { origin, recipe: composed.recipe, body: composed.body });
  return (
    <details name="dialect" {...(first.dialect === 'openai' ? { open: true } : {})}>
      <summary>
        <span class="dialect-name">{first.title}</span>
        <code>POST {first.path}</code>
        <code class="dialect-key">
          {first.key.header}: {first.key.scheme}…
        </code>
      </summary>
      <section class="code" aria-label={`${first.title}: the request`}>
        <pre tabindex={0}>{code}</pre>
        <button type="button" class="quiet" data-copy>
          Copy
        </button>
      </section>
    </details>
  );
}

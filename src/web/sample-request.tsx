import { samplePicture } from './model-dialects';
import { codeText } from './samples/code-text';
import { composeRequest } from './samples/compose-request';
import type { SiteFacts } from './site-facts';

/** A picture ordered by hand, for whoever has no JavaScript here. */
export function SampleRequest({ facts }: { readonly facts: SiteFacts }) {
  const own = facts.recipes.filter(({ dialect }) => dialect === 'openai');
  const composed = composeRequest(own, samplePicture);
  if (composed.kind === 'impossible') return null;
  const { recipe, body } = composed;
  return (
    <>
      <pre>{codeText('curl', { origin: facts.origin, recipe, body })}</pre>
      <p>
        <a href="/#parameters">All parameters</a> and <a href="/#apis">all other APIs</a> stand on the model's page.
      </p>
    </>
  );
}

/** A question to the service by hand. */
export function SampleRead({ origin, path }: { readonly origin: string; readonly path: string }) {
  return <pre>{`curl -s '${origin}${path}' \\\n  -H "Authorization: Bearer $FLUXGATE_KEY"`}</pre>;
}

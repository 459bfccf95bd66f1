import { DataBlock, Document } from './document';
import { samplePicture } from './model-dialects';
import { codeText } from './samples/code-text';
import { composeRequest } from './samples/compose-request';
import type { SiteFacts } from './site-facts';

/** What the workbench's script is given: the facts, and the key where whoever asks is on this very machine. */
export interface WorkbenchData {
  readonly facts: SiteFacts;
  readonly developmentKey: string | null;
}

/** `/workbench`: an empty bench, which the script furnishes. Without it, the page says how to do the same by hand. */
export function WorkbenchPage({ facts, developmentKey }: WorkbenchData) {
  const composed = composeRequest(
    facts.recipes.filter(({ dialect }) => dialect === 'openai'),
    samplePicture,
  );
  return (
    <Document
      title="Workbench for FLUX.2 [flex]"
      description="Write a prompt, see what the picture costs, make it, and take the request with you in the API that you use."
      path="/workbench"
      origin={facts.origin}
      scripts={['/assets/workbench.js']}
    >
      <main id="main" class="bench">
        <h1 class="unseen">Workbench for FLUX.2 [flex]</h1>
        <div id="workbench" class="bench-frame" />
        <noscript>
          <div class="note">
            <p>The workbench needs JavaScript. Without it, a picture is made like this, with your key in place:</p>
            {composed.kind === 'request' ? (
              <pre>{codeText('curl', { origin: facts.origin, recipe: composed.recipe, body: composed.body })}</pre>
            ) : null}
            <p>
              <a href="/#parameters">All parameters</a> and <a href="/#apis">all other APIs</a> stand on the model's
              page.
            </p>
          </div>
        </noscript>
      </main>
      <DataBlock type="application/json" id="workbench-data" data={{ facts, developmentKey }} />
    </Document>
  );
}

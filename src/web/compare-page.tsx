import type { SiteFacts } from './site-facts';
import { type ToolData, viewFacts } from './tool-data';
import { ToolPage } from './tool-page';

/** `/compare`: two pictures over each other, and what differs in how they were made. */
export function ComparePage({ facts, developmentKey }: ToolData<SiteFacts>) {
  const { origin } = facts;
  return (
    <ToolPage
      name="compare"
      title="Compare two FLUX.2 [flex] pictures"
      description="Two pictures over each other with a slider between them, and a table of what differs in their recipes."
      origin={origin}
      data={{ facts: viewFacts(facts), developmentKey }}
    >
      <p>
        Comparing needs JavaScript. Without it, look at two pictures side by side, and at how each was made, by their
        fingerprints:
      </p>
      <pre>{`curl -s '${origin}/images/{fingerprint}.png' -o picture.png\ncurl -s '${origin}/images/{fingerprint}.json'`}</pre>
    </ToolPage>
  );
}

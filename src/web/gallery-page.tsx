import { SampleRead } from './sample-request';
import type { SiteFacts } from './site-facts';
import { type ToolData, viewFacts } from './tool-data';
import { ToolPage } from './tool-page';

/** `/gallery`: what an account made. */
export function GalleryPage({ facts, developmentKey }: ToolData<SiteFacts>) {
  return (
    <ToolPage
      name="gallery"
      title="Gallery of FLUX.2 [flex] pictures"
      description="What your account made with FLUX.2 [flex]: look through it, take a picture up again, keep it or compare it with another."
      origin={facts.origin}
      data={{ facts: viewFacts(facts), developmentKey }}
    >
      <p>
        The gallery needs JavaScript. Without it, what your account made is listed like this, with your key in place:
      </p>
      <SampleRead origin={facts.origin} path="/v1/tasks?status=ready" />
      <p>
        A picture that is named there is at <code>/images/{'{fingerprint}'}.png</code>, and how it was made at{' '}
        <code>/images/{'{fingerprint}'}.json</code>.
      </p>
    </ToolPage>
  );
}

import { SampleRequest } from './sample-request';
import type { SiteFacts } from './site-facts';
import type { ToolData } from './tool-data';
import { ToolPage } from './tool-page';

/** `/sweep`: one prompt over two settings at once, as a contact sheet. */
export function SweepPage(data: ToolData<SiteFacts>) {
  return (
    <ToolPage
      name="sweep"
      title="Sweep of FLUX.2 [flex]"
      description="One prompt over two of steps, guidance, seed and upsampling: a contact sheet, with its price first and a budget that it keeps to."
      origin={data.facts.origin}
      data={data}
    >
      <p>
        A sweep needs JavaScript. Without it, order the pictures one by one, with another <code>steps</code> or{' '}
        <code>guidance</code> and the same <code>seed</code> in each. With your key in place:
      </p>
      <SampleRequest facts={data.facts} />
    </ToolPage>
  );
}

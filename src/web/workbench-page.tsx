import { SampleRequest } from './sample-request';
import type { SiteFacts } from './site-facts';
import type { ToolData } from './tool-data';
import { ToolPage } from './tool-page';

/** `/workbench`: one picture, written, priced, made, and taken along as a request. */
export function WorkbenchPage(data: ToolData<SiteFacts>) {
  return (
    <ToolPage
      name="workbench"
      title="Workbench for FLUX.2 [flex]"
      description="Write a prompt, see what the picture costs, make it, and take the request with you in the API that you use."
      origin={data.facts.origin}
      data={data}
    >
      <p>The workbench needs JavaScript. Without it, a picture is made like this, with your key in place:</p>
      <SampleRequest facts={data.facts} />
    </ToolPage>
  );
}

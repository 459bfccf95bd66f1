import { SampleRead } from './sample-request';
import type { SiteFacts } from './site-facts';
import { type ToolData, viewFacts } from './tool-data';
import { ToolPage } from './tool-page';

/** `/dashboard`: what an account spends, saves and waits for; and for who runs the service, its accounts and keys. */
export function DashboardPage({ facts, developmentKey }: ToolData<SiteFacts>) {
  const { origin } = facts;
  return (
    <ToolPage
      name="dashboard"
      title="Dashboard for FLUX.2 [flex]"
      description="What was spent and saved on FLUX.2 [flex], how fast and how reliably pictures came, budgets, keys and what is being made right now."
      origin={origin}
      data={{ facts: viewFacts(facts), developmentKey }}
    >
      <p>The dashboard needs JavaScript. Without it, the same figures are had like this, with your key in place:</p>
      <SampleRead origin={origin} path="/v1/usage?days=30&group=day,provider" />
      <SampleRead origin={origin} path="/v1/balance" />
    </ToolPage>
  );
}

import type { ToolData, ViewFacts } from '../tool-data';
import { AccountChoice } from './account-choice';
import type { AccountGateway } from './account-gateway';
import { AdminPanel } from './admin-panel';
import { Budgets } from './budgets';
import { FaultNote } from './fault-note';
import { furnish } from './furnish';
import { KeyField } from './key-field';
import { ProvidersTable } from './providers-table';
import { RangeBar } from './range-bar';
import { RunningTasks } from './running-tasks';
import { UsageTotals } from './usage-figures';
import { UsageMixes } from './usage-mixes';
import { UsagePlots } from './usage-plots';
import { type Reports, useDashboard } from './use-dashboard';

type Work = ReturnType<typeof useDashboard>;

function DashboardTool({ facts, developmentKey }: ToolData<ViewFacts>) {
  const work = useDashboard(developmentKey);
  const { key, gateway, holder, isAdmin, loaded } = work;
  // What stands below the figures comes with them: nothing on the page moves while it is read.
  const isThere = loaded.kind === 'failed' || work.reports !== null;
  return (
    <div class="tool dashboard">
      <header class="tool-head">
        <h2>{holder === null ? 'Dashboard' : holder.name}</h2>
        <KeyField apiKey={key.apiKey} isDevelopment={key.isDevelopment} isAsked={work.isKeyAsked} set={key.setApiKey} />
      </header>
      {gateway === null ? <NoKey /> : null}
      {work.fault === null ? null : <FaultNote words={work.fault} retry={work.reload} />}
      {gateway === null || !work.isReady ? null : <Chosen work={work} gateway={gateway} />}
      {loaded.kind === 'failed' ? <FaultNote words={loaded.words} retry={work.reload} /> : null}
      {work.reports === null ? null : <Figures holder={holder} reports={work.reports} facts={facts} />}
      {loaded.kind === 'asking' && !isThere ? (
        <p class="hint loading" role="status">
          Looking…
        </p>
      ) : null}
      {gateway === null || holder === null || !isThere ? null : <RunningTasks gateway={gateway} />}
      {gateway === null || !work.isReady || !isThere ? null : <Service gateway={gateway} isAdmin={isAdmin} />}
    </div>
  );
}

/** What is not of one account alone. */
function Service({ gateway, isAdmin }: { readonly gateway: AccountGateway; readonly isAdmin: boolean }) {
  const below = isAdmin ? <AdminPanel gateway={gateway} /> : null;
  return <ProvidersTable gateway={gateway} below={below} />;
}

/** Whose figures, and of which days: there whatever comes of it, so that it can be changed. */
function Chosen({ work, gateway }: { readonly work: Work; readonly gateway: AccountGateway }) {
  const { range, account, change, isAdmin, holder } = work;
  return (
    <>
      {isAdmin ? (
        <AccountChoice gateway={gateway} chosen={account} hasOwn={holder !== null} choose={work.setAccount} />
      ) : null}
      <RangeBar {...{ gateway, range, account, change }} />
    </>
  );
}

interface FiguresProps {
  readonly holder: Work['holder'];
  readonly reports: Reports;
  readonly facts: ViewFacts;
}

function Figures({ holder, reports, facts }: FiguresProps) {
  const { byDay, balance, byKey, keys } = reports;
  const { purchases, hits, joins, failures } = byDay.totals;
  return (
    <>
      <UsageTotals usage={byDay} />
      {purchases + hits + joins + failures === 0 ? (
        <NothingYet />
      ) : (
        <>
          <UsagePlots usage={byDay} />
          <UsageMixes reports={reports} facts={facts} />
        </>
      )}
      {balance === null ? null : <Budgets {...{ balance, holder, byKey, keys }} />}
    </>
  );
}

function NoKey() {
  return (
    <p class="note">
      Give a key of your account, and its figures are here. Who runs this service may give the operator's token instead.
    </p>
  );
}

function NothingYet() {
  return (
    <p class="note">
      Nothing was ordered in these days. <a href="/workbench">Make a picture</a>, or look at more days.
    </p>
  );
}

furnish(DashboardTool);

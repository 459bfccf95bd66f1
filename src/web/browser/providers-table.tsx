import type { Child } from 'hono/jsx';
import { dollars } from '../money';
import type { AccountGateway, ProviderState } from './account-gateway';
import { DataTable } from './data-table';
import { FaultNote } from './fault-note';
import { useAsked } from './use-asked';

export interface ProvidersTableProps {
  readonly gateway: AccountGateway;
  /** It comes no sooner, so that nothing pushes it. */
  readonly below: Child;
}

/** Who is bought from, and how each is doing. */
export function ProvidersTable({ gateway, below }: ProvidersTableProps) {
  const { value, fault, again } = useAsked(() => gateway.providers(), [gateway]);
  const isSettled = value !== null || (fault !== null && !fault.isConnectionLost);
  return (
    <>
      {fault === null ? null : <FaultNote words={fault} retry={again} />}
      {value === null ? null : (
        <section class="providers" aria-labelledby="providers">
          <h2 id="providers">Providers and their circuits</h2>
          <DataTable caption="Providers" columns={columns} rows={value.data.map(rowOf)} />
        </section>
      )}
      {isSettled ? (below as never) : null}
    </>
  );
}

const columns = [
  { name: 'Provider' },
  { name: 'Circuit' },
  ...['In flight', 'Median', '1 MP'].map((name) => ({ name, isNumber: true })),
  { name: 'Last error' },
];

function rowOf(provider: ProviderState) {
  const { id, name, circuit, circuitUntil, inFlight, concurrency, medianLatencyMs, priceMicros, lastError } = provider;
  return {
    id,
    cells: [
      name,
      circuit === 'closed' ? (
        'closed: in use'
      ) : (
        <span class="wrong">open: rests until {circuitUntil?.slice(11, 19)} UTC</span>
      ),
      concurrency === null ? String(inFlight) : `${inFlight} of ${concurrency}`,
      medianLatencyMs === null ? '–' : `${(medianLatencyMs / 1000).toFixed(1)} s`,
      dollars(priceMicros),
      lastError === null ? '–' : `${lastError.class}, ${lastError.at.slice(0, 16).replace('T', ' ')}`,
    ],
  };
}

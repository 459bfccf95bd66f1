import { dollars } from '../money';
import type { AccountGateway, ProviderState } from './account-gateway';
import { FaultNote } from './fault-note';
import { useAsked } from './use-asked';

/** Who is bought from, and how each is doing. */
export function ProvidersTable({ gateway }: { readonly gateway: AccountGateway }) {
  const { value, fault, again } = useAsked(() => gateway.providers(), [gateway]);
  if (fault !== null) return <FaultNote words={fault} retry={again} />;
  return (
    <section class="providers" aria-labelledby="providers">
      <h2 id="providers">Providers and their circuits</h2>
      <section class="scroll" tabindex={0} aria-label="Providers">
        <table>
          <caption class="unseen">Providers</caption>
          <thead>
            <tr>
              <th scope="col">Provider</th>
              <th scope="col">Circuit</th>
              <th scope="col" class="number">
                In flight
              </th>
              <th scope="col" class="number">
                Median
              </th>
              <th scope="col" class="number">
                1 MP
              </th>
              <th scope="col">Last error</th>
            </tr>
          </thead>
          <tbody>
            {(value?.data ?? []).map((provider) => (
              <ProviderRow key={provider.id} provider={provider} />
            ))}
          </tbody>
        </table>
      </section>
    </section>
  );
}

function ProviderRow({ provider }: { readonly provider: ProviderState }) {
  const { name, circuit, circuitUntil, inFlight, concurrency, medianLatencyMs, priceMicros, lastError } = provider;
  const words = circuit === 'closed' ? 'closed: in use' : `open: rests until ${circuitUntil?.slice(11, 19)} UTC`;
  return (
    <tr>
      <th scope="row">{name}</th>
      <td class={circuit === 'open' ? 'wrong' : ''}>{words}</td>
      <td class="number data">
        {inFlight}
        {concurrency === null ? '' : ` of ${concurrency}`}
      </td>
      <td class="number data">{medianLatencyMs === null ? '–' : `${(medianLatencyMs / 1000).toFixed(1)} s`}</td>
      <td class="number data">{dollars(priceMicros)}</td>
      <td>{lastError === null ? '–' : `${lastError.class}, ${lastError.at.slice(0, 16).replace('T', ' ')}`}</td>
    </tr>
  );
}

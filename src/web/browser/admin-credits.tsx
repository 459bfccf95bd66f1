import { useState } from 'hono/jsx/dom';
import type { CreditEntry } from '../../client/administration';
import type { Page } from '../../client/page';
import type { Account } from '../../client/reports';
import { dollars } from '../money';
import type { AccountGateway } from './account-gateway';
import { DeedFault } from './deed-fault';
import { TextField } from './text-field';
import { signed } from './usage-figures';
import type { Asked } from './use-asked';
import { useDeed } from './use-deed';

export interface AdminCreditsProps {
  readonly gateway: AccountGateway;
  readonly account: string;
  readonly standing: Asked<Account>;
  readonly entries: Asked<Page<CreditEntry>>;
}

/** An account's credit: what it has, what moved, and more of it. */
export function AdminCredits({ gateway, account, standing, entries }: AdminCreditsProps) {
  const fault = standing.fault ?? entries.fault;
  const now = standing.value?.standing;
  const booked = () => {
    standing.again();
    entries.again();
  };
  return (
    <section aria-label="Credit">
      <h3>Credit</h3>
      {fault === null ? null : <p class="wrong">{fault.text}</p>}
      {now === undefined ? null : (
        <p>
          {`Balance ${dollars(now.balanceMicros)}, ${dollars(now.reservedMicros)} held, ${now.inFlight} under way, ${dollars(now.month.spentMicros)} spent this month.`}
        </p>
      )}
      <CreditForm gateway={gateway} account={account} booked={booked} />
      {entries.value === null || entries.value.data.length === 0 ? null : (
        <section class="scroll" tabindex={0} aria-label="Latest entries">
          <table>
            <caption class="unseen">Latest entries</caption>
            <tbody>
              {entries.value.data.map(({ id, at, kind, micros, note }) => (
                <tr key={id}>
                  <td>{at.slice(0, 16).replace('T', ' ')}</td>
                  <td>{kind.replaceAll('_', ' ')}</td>
                  <td class="number data">{signed(micros)}</td>
                  <td>{note}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      )}
    </section>
  );
}

interface CreditFormProps extends Pick<AdminCreditsProps, 'gateway' | 'account'> {
  readonly booked: () => void;
}

function CreditForm({ gateway, account, booked }: CreditFormProps) {
  const [amount, setAmount] = useState('');
  const [note, setNote] = useState('');
  const deed = useDeed();
  const micros = Math.round(Number(amount) * 1e6);
  /** However often it is sent, it counts once for each press. */
  const book = (press: string) => async () => {
    // What takes away is no top-up.
    const kind = micros > 0 ? 'top_up' : 'adjustment';
    await gateway.admin.credits.add(account, { kind, micros, note }, press);
    setAmount('');
    setNote('');
    booked();
  };
  const isAmount = Number.isFinite(micros) && micros !== 0;
  return (
    <fieldset class="form-line">
      <legend>Add credit</legend>
      <TextField label="Dollars" type="number" value={amount} set={setAmount} placeholder="10.00" />
      <TextField label="Note" value={note} set={setNote} />
      <button
        type="button"
        class="button plain small"
        disabled={!isAmount || deed.isUnderWay}
        onClick={() => deed.surely(book(crypto.randomUUID()))}
      >
        {isAmount && micros < 0 ? `Take ${dollars(-micros)}` : `Add ${isAmount ? dollars(micros) : 'credit'}`}
      </button>
      <DeedFault deed={deed} />
    </fieldset>
  );
}

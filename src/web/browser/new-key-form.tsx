import { useState } from 'hono/jsx/dom';
import type { ApiKey } from '../../client/reports';
import type { AccountGateway } from './account-gateway';
import { DeedFault } from './deed-fault';
import { Segments } from './segments';
import { TextField } from './text-field';
import { useDeed } from './use-deed';

type Kind = ApiKey['kind'];
const kinds = [
  { value: 'live', words: 'Server' },
  { value: 'pub', words: 'Web page' },
  { value: 'link', words: 'Links' },
] as const satisfies readonly { readonly value: Kind; readonly words: string }[];

export interface NewKeyProps {
  readonly gateway: AccountGateway;
  readonly account: string;
  /** Whether there is a new key to be kept before there is another. */
  readonly isHeldUp: boolean;
  readonly made: (key: ApiKey) => void;
}

/** A key for an account. Keys for web pages are bound to the origins of those. */
export function NewKeyForm({ gateway, account, isHeldUp, made }: NewKeyProps) {
  const [name, setName] = useState('');
  const [kind, setKind] = useState<Kind>('live');
  const [origins, setOrigins] = useState('');
  const [dayBudget, setDayBudget] = useState('');
  const deed = useDeed();
  const listed = origins.split(/[\s,]+/).filter((origin) => origin !== '');
  const create = async () => {
    const dayMicros = Number(dayBudget) > 0 ? Math.round(Number(dayBudget) * 1e6) : null;
    const key = await gateway.admin.keys.create(account, {
      name,
      kind,
      ...(kind === 'pub' ? { origins: listed } : {}),
      ...(dayMicros === null ? {} : { limits: { dayMicros } }),
    });
    setName('');
    made(key);
  };
  const isIncomplete = name.trim() === '' || (kind === 'pub' && listed.length === 0);
  return (
    <fieldset class="form-line">
      <legend>New key</legend>
      <TextField label="Name" value={name} set={setName} />
      <Segments label="What it is for" choices={kinds} chosen={kind} choose={setKind} />
      {kind === 'pub' ? (
        <TextField label="Origins" value={origins} set={setOrigins} placeholder="https://example.com" />
      ) : null}
      <TextField label="Dollars a day" type="number" value={dayBudget} set={setDayBudget} placeholder="no limit" />
      <button
        type="button"
        class="button plain small"
        disabled={isIncomplete || isHeldUp || deed.isUnderWay}
        onClick={() => deed.once(create)}
      >
        Create key
      </button>
      <DeedFault deed={deed} />
    </fieldset>
  );
}

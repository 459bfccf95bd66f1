import { useState } from 'hono/jsx/dom';
import type { ApiKey } from '../../client/reports';
import type { AdminAccountProps } from './admin-credits';
import { limitWords } from './budgets';
import { DeedFault } from './deed-fault';
import { NewKeyForm } from './new-key-form';
import { CopyButton } from './result-view';
import { useAsked } from './use-asked';
import { type Deed, useDeed } from './use-deed';

/** So long a key goes on beside the one in its place. */
const overlapSeconds = 86_400;

/** An account's keys. */
export function AdminKeys({ gateway, account }: AdminAccountProps) {
  const keys = useAsked(() => gateway.admin.keys.list(account, { limit: 200 }), [gateway, account]);
  const [made, setMade] = useState<ApiKey | null>(null);
  const deed = useDeed();
  const take = (key: ApiKey | null) => {
    setMade(key);
    keys.again();
  };
  const all = keys.value?.data ?? [];
  return (
    <section aria-label="Keys">
      <h3>Keys</h3>
      {made?.key === undefined ? null : <NewSecret name={made.name} secret={made.key} />}
      {keys.fault === null ? null : <p class="wrong">{keys.fault.text}</p>}
      {all.length === 0 ? (
        <p class="hint">No key yet: without one, nobody orders for this account.</p>
      ) : (
        <section class="scroll" tabindex={0} aria-label="Keys of this account">
          <table>
            <caption class="unseen">Keys of this account</caption>
            <thead>
              <tr>
                {['Key', 'Name', 'May', 'Limits', 'Stands', 'Do'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {all.map((key) => (
                <KeyRow
                  key={key.id}
                  apiKey={key}
                  deed={deed}
                  rotate={async () => take(await gateway.admin.keys.rotate(key.id, overlapSeconds))}
                  revoke={async () => {
                    await gateway.admin.keys.revoke(key.id);
                    take(null);
                  }}
                />
              ))}
            </tbody>
          </table>
        </section>
      )}
      <DeedFault deed={deed} />
      <NewKeyForm gateway={gateway} account={account} made={take} />
    </section>
  );
}

function NewSecret({ name, secret }: { readonly name: string; readonly secret: string }) {
  return (
    <div class="note" role="alert">
      <p>
        The key <strong>{name}</strong>. It is shown this once, and stored nowhere:
      </p>
      <p>
        <code id="new-key">{secret}</code> <CopyButton label="Copy" text={secret} />
      </p>
    </div>
  );
}

interface KeyRowProps {
  readonly apiKey: ApiKey;
  readonly deed: Deed;
  readonly rotate: () => Promise<void>;
  readonly revoke: () => Promise<void>;
}

function KeyRow({ apiKey, deed, rotate, revoke }: KeyRowProps) {
  const [isSure, setIsSure] = useState(false);
  const { hint, name, scopes, limits, revokedAt, expiresAt, origins } = apiKey;
  const words = [...limitWords(limits), ...(origins ?? [])];
  return (
    <tr>
      <th scope="row">
        <code>{hint}</code>
      </th>
      <td>{name}</td>
      <td>{scopes.join(', ')}</td>
      <td>{words.length === 0 ? 'none' : words.join(', ')}</td>
      <td>{revokedAt !== null ? 'revoked' : expiresAt === null ? 'in use' : `until ${expiresAt.slice(0, 10)}`}</td>
      <td>
        {revokedAt !== null ? null : (
          <span class="row-actions">
            <button type="button" class="quiet" onClick={() => deed.run(rotate)} title="A new key; this one ends in a day">
              Rotate
            </button>
            <button
              type="button"
              class={isSure ? 'quiet wrong' : 'quiet'}
              onClick={() => (isSure ? deed.run(revoke) : setIsSure(true))}
            >
              {isSure ? 'Really: it ends at once' : 'Revoke'}
            </button>
          </span>
        )}
      </td>
    </tr>
  );
}

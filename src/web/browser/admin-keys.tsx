import { useRef, useState } from 'hono/jsx/dom';
import type { Page } from '../../client/page';
import type { ApiKey, ListedKey } from '../../client/reports';
import type { AccountGateway } from './account-gateway';
import { DataTable } from './data-table';
import { DeedFault } from './deed-fault';
import { limitWords } from './limit-words';
import { NewKeyForm } from './new-key-form';
import { CopyButton } from './result-view';
import { SteadyButton } from './steady-button';
import type { Asked } from './use-asked';
import { type Deed, useDeed } from './use-deed';

/** So long a key goes on beside the one in its place. */
const overlapSeconds = 86_400;

const columns = ['Key', 'Name', 'May', 'Limits', 'Stands', 'Do'].map((name) => ({ name }));

export interface AdminKeysProps {
  readonly gateway: AccountGateway;
  readonly account: string;
  readonly keys: Asked<Page<ListedKey>>;
}

/** An account's keys. */
export function AdminKeys({ gateway, account, keys }: AdminKeysProps) {
  const [made, setMade] = useState<ApiKey | null>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  const deed = useDeed();
  const take = (key: ApiKey) => [setMade(key), keys.again()];
  const kept = () => [heading.current?.focus(), setMade(null)];
  // Until somebody says to have kept its secret there is no other, which would take its place.
  const isHeldUp = made?.key !== undefined;
  const { keys: desk } = gateway.admin;
  const all = keys.value?.data ?? [];
  const deedsOf = ({ id, revokedAt }: ApiKey) => (
    <KeyDeeds
      key={id}
      isRevoked={revokedAt !== null}
      {...{ isHeldUp, deed }}
      rotate={() => desk.rotate(id, overlapSeconds).then(take)}
      revoke={() => desk.revoke(id).then(keys.again)}
    />
  );
  return (
    <section aria-label="Keys">
      <h3 ref={heading} tabindex={-1}>
        Keys
      </h3>
      {made?.key === undefined ? null : <NewSecret name={made.name} secret={made.key} kept={kept} />}
      {keys.fault === null ? null : <p class="wrong">{keys.fault.text}</p>}
      {all.length === 0 ? (
        <p class="hint">No key yet: without one, nobody orders for this account.</p>
      ) : (
        <DataTable
          caption="Keys of this account"
          columns={columns}
          rows={all.map((key) => ({ id: key.id, cells: [...keyCells(key), deedsOf(key)] }))}
        />
      )}
      <DeedFault deed={deed} />
      <NewKeyForm gateway={gateway} account={account} isHeldUp={isHeldUp} made={take} />
    </section>
  );
}

interface NewSecretProps {
  readonly name: string;
  readonly secret: string;
  readonly kept: () => void;
}

function NewSecret({ name, secret, kept }: NewSecretProps) {
  return (
    <div class="note" role="alert">
      <p>
        The key <strong>{name}</strong>. It is shown this once, and stored nowhere. Keep it, then make another:
      </p>
      <p>
        <code id="new-key">{secret}</code> <CopyButton label="Copy" text={secret} />
        <button type="button" class="quiet" onClick={kept}>
          I have kept it
        </button>
      </p>
    </div>
  );
}

function keyCells({ hint, name, scopes, limits, revokedAt, expiresAt, origins }: ApiKey) {
  const words = [...limitWords(limits), ...(origins ?? [])];
  const stands = revokedAt !== null ? 'revoked' : expiresAt === null ? 'in use' : `until ${expiresAt.slice(0, 10)}`;
  return [<code>{hint}</code>, name, scopes.join(', '), words.length === 0 ? 'none' : words.join(', '), stands];
}

interface KeyDeedsProps {
  readonly isRevoked: boolean;
  /** Whether there is a new key to be kept before there is another. */
  readonly isHeldUp: boolean;
  readonly deed: Deed;
  readonly rotate: () => Promise<unknown>;
  readonly revoke: () => Promise<unknown>;
}

/** What can be done with a key. To end it takes a second press. */
function KeyDeeds({ isRevoked, isHeldUp, deed, rotate, revoke }: KeyDeedsProps) {
  const [isSure, setIsSure] = useState(false);
  if (isRevoked) return null;
  return (
    <span class="row-actions">
      <SteadyButton
        deed="rotate"
        class="quiet"
        title={isHeldUp ? 'First keep the new key' : 'A new key; this one ends in a day'}
        isReady={!isHeldUp}
        press={() => deed.once(rotate)}
      >
        Rotate
      </SteadyButton>
      <SteadyButton
        deed={isSure ? 'revoke' : 'ask'}
        class={isSure ? 'quiet wrong' : 'quiet'}
        isReady
        press={() => (isSure ? deed.surely(revoke) : setIsSure(true))}
      >
        {isSure ? 'Really: it ends at once' : 'Revoke'}
      </SteadyButton>
    </span>
  );
}

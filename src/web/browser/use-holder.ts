import { useEffect, useState } from 'hono/jsx/dom';
import type { Account, ApiKey } from '../../client/reports';
import type { AccountGateway } from './account-gateway';
import { type FaultWords, faultWords } from './fault-words';
import { useOnline } from './use-online';

/** Whose key it is, and what it may do. */
export type Holder = Account & { readonly key: ApiKey };

export function useHolder(gateway: AccountGateway | null): { holder: Holder | null; fault: FaultWords | null } {
  const [known, setKnown] = useState<{ holder: Holder | null; fault: FaultWords | null }>({
    holder: null,
    fault: null,
  });
  const online = useOnline();
  useEffect(() => setKnown({ holder: null, fault: null }), [gateway]);
  useEffect(() => {
    if (gateway === null) return;
    let isLate = false;
    void gateway.account().then(
      (holder) => !isLate && setKnown({ holder, fault: null }),
      (thrown) => !isLate && setKnown({ holder: null, fault: faultWords(thrown) }),
    );
    return () => {
      isLate = true;
    };
  }, [gateway, online]);
  return known;
}

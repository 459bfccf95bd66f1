import { useState } from 'hono/jsx/dom';
import type { Account, ApiKey } from '../../client/reports';
import type { AccountGateway } from './account-gateway';
import { type FaultWords, faultWords } from './fault-words';
import { useEffect } from './use-effect';
import { useOnline } from './use-online';

/** Whose key it is, and what it may do. */
export type Holder = Account & { readonly key: ApiKey };

interface Known {
  readonly holder: Holder | null;
  readonly fault: FaultWords | null;
}

/** Another `version` asks anew. */
export function useHolder(gateway: AccountGateway | null, version = 0): Known {
  const [known, setKnown] = useState<Known>({ holder: null, fault: null });
  const online = useOnline(known.fault);
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
  }, [gateway, version, online]);
  return known;
}

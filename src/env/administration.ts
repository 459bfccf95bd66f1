import { AccountRegister } from '../accounts/account-register';
import type { Accounts } from '../accounts/accounts-port';
import type { Administration } from '../accounts/administration';
import { CreditDesk } from '../accounts/credit-desk';
import { KeyRegister } from '../accounts/key-register';
import type { KeyRing } from '../accounts/key-ring';
import { AccountTable } from '../storage/account-table';
import { AuditLog } from '../storage/audit-log';
import type { CreditTable } from '../storage/credit-table';
import { KeyTable } from '../storage/key-table';
import { PictureClaims } from '../storage/picture-claims';
import { PictureFiles } from '../storage/picture-files';
import type { PictureRegister } from '../storage/picture-register';
import type { Signatures } from '../storage/signatures';
import type { UsageLedger } from '../storage/usage-ledger';
import type { Config } from './config';

interface Parts {
  readonly config: Config;
  readonly accounts: Accounts;
  readonly credits: CreditTable;
  readonly ledger: UsageLedger;
  readonly register: PictureRegister;
  readonly keyRing: KeyRing;
  readonly signatures: Signatures;
}

/** What administrators work with, made of the service's parts. */
export function administrationOf(
  env: Env,
  { config, accounts, credits, ledger, register, keyRing, signatures }: Parts,
): Administration {
  const audit = new AuditLog(env.LEDGER);
  const now = () => Date.now();
  const linkSecret = (keyId: string) => signatures.linkSecret(keyId);
  const parts = { audit, now, linkSecret, changed: () => keyRing.forget() };
  return {
    accounts: new AccountRegister(new AccountTable(env.LEDGER), parts),
    keys: new KeyRegister(new KeyTable(env.LEDGER), parts),
    desk: new CreditDesk({ accounts, credits, ledger, audit, now }),
    credits,
    audit,
    files: new PictureFiles(env.PICTURES),
    claims: new PictureClaims(env.LEDGER),
    pictures: register,
    topUpFeePercent: config.TOP_UP_FEE_PERCENT,
  };
}

import type { AuditLog } from '../storage/audit-log';
import type { CreditTable } from '../storage/credit-table';
import type { PictureClaims } from '../storage/picture-claims';
import type { PictureFiles } from '../storage/picture-files';
import type { PictureRegister } from '../storage/picture-register';
import type { AccountRegister } from './account-register';
import type { CreditDesk } from './credit-desk';
import type { KeyRegister } from './key-register';

/** Everything that only administrators may touch. */
export interface Administration {
  readonly accounts: AccountRegister;
  readonly keys: KeyRegister;
  readonly desk: CreditDesk;
  readonly credits: CreditTable;
  readonly audit: AuditLog;
  readonly files: PictureFiles;
  readonly claims: PictureClaims;
  readonly pictures: PictureRegister;
  /** Of a top-up that names no fee. */
  readonly topUpFeePercent: number;
}

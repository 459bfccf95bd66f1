import { Hono } from 'hono';
import type { Dialect } from '../../core/dialect';
import type { FrontEnv } from '../front';
import { adminAccounts } from './accounts';
import { adminAudit } from './audit';
import { adminCredits } from './credits';
import { adminKeys } from './keys';
import { adminPictures } from './pictures';
import { adminRestore } from './restore';

/** `/v1/admin`: what runs the deployment. All of it needs the scope `admin` or the operator's token. */
export function adminRoutes(dialects: readonly Dialect[]): Hono<FrontEnv> {
  const makers = dialects.filter(({ operations }) => operations.some(({ kind }) => kind === 'create'));
  return new Hono<FrontEnv>()
    .route('/', adminAccounts)
    .route('/', adminKeys(makers.map(({ id }) => id)))
    .route('/', adminCredits)
    .route('/', adminPictures)
    .route('/', adminAudit)
    .route('/', adminRestore);
}

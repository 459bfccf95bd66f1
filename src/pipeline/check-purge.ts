import type { Account } from '../accounts/account';
import { namespaceOf } from '../accounts/stored-account';
import { Fault } from '../core/fault';
import type { PictureFiles } from '../storage/picture-files';
import type { PictureRegister } from '../storage/picture-register';
import { publicNamespace } from '../storage/recipe';
import type { Pictures, Ports } from './ports';

export interface PurgeParts {
  readonly ports: Pick<Ports, 'accounts' | 'renders'> & { readonly pictures: Pick<Pictures, 'facts'> };
  readonly register: Pick<PictureRegister, 'find' | 'othersUse' | 'isKnown'>;
}

/**
 * Whether an account may delete a picture for good: one in its own private namespace, or a public one that it bought
 * first and that no other account bought again or pins. Not while it is being made.
 * @throws Fault `not_found` also for what is another account's private picture, `forbidden` or `conflict` in words
 */
export async function checkPurge(
  { ports, register }: PurgeParts,
  account: Account,
  fingerprint: string,
): Promise<void> {
  const [facts, row] = await Promise.all([ports.pictures.facts(fingerprint), register.find(fingerprint)]);
  const isFirstBuyer = row?.accountId === account.id;
  const isOwn = facts?.namespace === namespaceOf(account.id, 'private');
  const isThere = facts === null ? isFirstBuyer : isOwn || facts.namespace === publicNamespace;
  if (!isThere) throw await nothingThere(ports, account, fingerprint);
  if (!isOwn && !isFirstBuyer) {
    throw new Fault('forbidden', 'This account is not the one that bought this picture first, so it cannot delete it.');
  }
  if (!isOwn) await checkOthers(register, account, fingerprint);
  await refuseWhileMade(ports, fingerprint);
}

/**
 * Whether who runs the service may delete a picture for good: any that there is or was, so that what was cut off can be
 * done again. Not while it is being made.
 * @throws Fault `not_found` or `conflict`
 */
export async function checkAnyPurge(
  { ports, register, files }: Pick<PurgeParts, 'ports' | 'register'> & { readonly files: PictureFiles },
  fingerprint: string,
): Promise<void> {
  await refuseWhileMade(ports, fingerprint);
  const isThere = (await register.isKnown(fingerprint)) || (await files.hasAny(fingerprint));
  if (!isThere) throw noSuchPicture();
}

/** Whoever deletes a picture, not while it is being made: its render would store the rest of it afterwards. */
async function refuseWhileMade({ renders }: Pick<Ports, 'renders'>, fingerprint: string): Promise<void> {
  if (await renders.isUnderWay(fingerprint, null)) throw beingMade();
}

async function checkOthers(register: PurgeParts['register'], account: Account, fingerprint: string): Promise<void> {
  const { isPinned, isBought } = await register.othersUse(fingerprint, account.id);
  if (isPinned) throw keptForOthers('pinned it');
  if (isBought) throw keptForOthers('bought it too');
}

/**
 * Only who pays for a render may know of it before there is a picture. Asked too of what is another account's alone:
 * were it refused sooner than what does not exist, the time would tell that it does.
 */
async function nothingThere(ports: PurgeParts['ports'], account: Account, fingerprint: string): Promise<Fault> {
  const open = await ports.accounts.openTasks(account.id);
  return open.some((task) => task.fingerprint === fingerprint) ? beingMade() : noSuchPicture();
}

function keptForOthers(did: string): Fault {
  const message = `This picture is kept: another account ${did}. Who runs this service can delete it all the same.`;
  return new Fault('conflict', message);
}

function beingMade(): Fault {
  const message = 'This picture is just being made. It can be deleted once it is there; or cancel its task.';
  return new Fault('conflict', message, { retryAfterSeconds: 5 });
}

function noSuchPicture(): Fault {
  return new Fault('not_found', 'There is no such picture.');
}

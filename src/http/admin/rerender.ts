import type { Context } from 'hono';
import { type Account, developmentAccount } from '../../accounts/account';
import { Fault } from '../../core/fault';
import type { WireRerender } from '../../core/wire/administration';
import type { Caller, Ports } from '../../pipeline/ports';
import { type Rerendered, rerenderImage } from '../../pipeline/rerender-image';
import { rerenderOnce } from '../../pipeline/rerender-once';
import { bindKey, digestOf } from '../../pipeline/resolve-order';
import { whileClaimed } from '../../pipeline/while-claimed';
import { publicNamespace, type Recipe } from '../../storage/recipe';
import { type EdgePurge, purgeEdge } from '../edge-cache';
import type { FrontEnv } from '../front';
import { readPreference } from '../preference';
import { accountNamed } from './named-account';

/** A stored picture that is to be made again. */
export interface RerenderWish {
  readonly fingerprint: string;
  /** Who pays, by the id of the account; null: who bought the picture first. */
  readonly payer: string | null;
}

/**
 * Makes a stored picture again; under one idempotency key once, however often it is sent.
 * @throws Fault as ordering does, and `conflict` where somebody else does so, or the key stands for another order
 */
export async function rerender(c: Context<FrontEnv>, wish: RerenderWish): Promise<WireRerender> {
  const { ports, administration } = c.var.front;
  const { claims } = administration;
  const { fingerprint } = wish;
  const preference = readPreference(c.req.raw.headers);
  const { idempotencyKey: key } = preference;
  const buying = { fingerprint, preference };
  if (key === null) {
    return await whileClaimed(claims, { fingerprint, purpose: 'rerender' }, async () => {
      return await buy(c, ports, { ...buying, ...(await subjectOf(c, wish)) });
    });
  }
  const { account, before } = await subjectOf(c, wish);
  const name = await boundName(c, key, { fingerprint, account: account.id });
  const named = { ...buying, preference: { ...preference, idempotencyKey: name } };
  return await rerenderOnce(
    { ports, claims },
    { fingerprint, accountId: account.id, name },
    {
      make: async (by) => await buy(c, by, { ...named, ...(await subjectOf(c, wish)) }),
      tell: async (made) => {
        // Who bought it may not have lived to do so.
        const edge = made.sha256 === before ? {} : await purgeEdge(c.executionCtx, fingerprint);
        return wireRerender({ fingerprint, before, made, edge });
      },
    },
  );
}

interface Subject {
  readonly recipe: Recipe;
  readonly account: Account;
  /** The digest that it had the first time. */
  readonly before: string;
}

type Buying = Subject & Pick<RerenderWish, 'fingerprint'> & Pick<Caller, 'preference'>;

async function buy(c: Context<FrontEnv>, ports: Ports, buying: Buying): Promise<WireRerender> {
  const { fingerprint, recipe, account, before, preference } = buying;
  const { references, administration } = c.var.front;
  const audited = { actor: c.var.actor, action: 'picture.rerender', target: fingerprint };
  const tell = async (about: object) => {
    const details = { account: account.id, ...about };
    await administration.audit.record({ at: Date.now(), ...audited, details });
  };
  const caller: Caller = {
    ...{ account, key: null, dialect: 'fluxgate', preference },
    origin: new URL(c.req.url).origin,
    defer: (work) => c.executionCtx.waitUntil(work),
  };
  // Before it is bought, too: it goes on, and is paid for, if nobody lives to tell how it ended.
  await tell({ begun: true });
  const made = await rerenderImage(ports, caller, recipe, references.bytes.bind(references));
  const edge = made.sha256 === recipe.facts.sha256 ? {} : await purgeEdge(c.executionCtx, fingerprint);
  await tell({ task: made.task, before_sha256: before, after_sha256: made.sha256, ...edge });
  return wireRerender({ fingerprint, before, made, edge });
}

interface Told {
  readonly fingerprint: string;
  readonly before: string;
  readonly made: Rerendered;
  readonly edge: Partial<EdgePurge>;
}

function wireRerender({ fingerprint, before, made: { task, sha256 }, edge }: Told): WireRerender {
  const digests = { before_sha256: before, after_sha256: sha256 };
  return { object: 'rerender', fingerprint, task, ...digests, same: sha256 === before, ...edge };
}

async function subjectOf(c: Context<FrontEnv>, { fingerprint, payer }: RerenderWish): Promise<Subject> {
  const { ports, administration } = c.var.front;
  const recipe = await ports.pictures.recipe(fingerprint);
  if (recipe === null) throw new Fault('not_found', 'There is no such picture.');
  const first = await administration.pictures.find(fingerprint);
  const account = await accountNamed(c, payer ?? first?.accountId ?? developmentAccount.id);
  checkMaySee(account, recipe);
  return { recipe, account, before: first?.sha256 ?? recipe.facts.sha256 };
}

/** Who pays for a picture has its task, which shows it, and what it was made from. */
function checkMaySee({ namespace }: Account, { request }: Recipe): void {
  if (request.namespace === publicNamespace || request.namespace === namespace) return;
  throw Fault.ofField('account', 'expected the account whose private picture this is: who pays for it can see it.');
}

/**
 * What the order is called among all of the account that pays, once the key is held to it. A key is that of whoever
 * administrates, by the account of their own key: whoever pays, it stands for one order.
 */
async function boundName(c: Context<FrontEnv>, key: string, order: object): Promise<string> {
  const accountId = c.var.holder?.account.id ?? developmentAccount.id;
  await bindKey(c.var.front.ports, { accountId, name: `rerender ${key}` }, [await digestOf(order)]);
  return `rerender ${accountId} ${key}`;
}

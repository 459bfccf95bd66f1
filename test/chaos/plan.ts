import { type Failure, failures } from '../vendors/failures.ts';
import { accountIds, accountPlans, linkAccount } from './accounts.ts';
import { type Random, randomOf } from './random.ts';
import { type WayName, ways } from './ways.ts';

/** A picture that orders ask for, again and again. Its prompt names it, so that vendors' sales can be told apart. */
export interface Picture {
  readonly index: number;
  readonly prompt: string;
  /** null: the service draws one. */
  readonly seed: number | null;
  readonly width: number;
  readonly height: number;
  /** The account whose own it is; null: everybody's. */
  readonly owner: string | null;
}

/** How the one who orders behaves. */
export type Manner = 'plain' | 'burst' | 'hang-up' | 'cancel' | 'webhook';

/** Times are milliseconds since the load began. */
export interface PlannedOrder {
  readonly index: number;
  readonly at: number;
  readonly account: string;
  readonly picture: Picture;
  readonly way: WayName;
  readonly manner: Manner;
  /** The only provider that may make it; null: whoever can. */
  readonly provider: string | null;
  /** Identical requests at once. */
  readonly copies: number;
  /** Until the caller hangs up, or cancels. */
  readonly patienceMs: number;
}
export interface Trouble {
  readonly at: number;
  readonly vendor: string;
  readonly failure: Failure;
  readonly times: number;
  readonly latencyMs: number;
}
export interface Kill {
  /** After it answered for so long. */
  readonly upMs: number;
  /** Until it is started again. */
  readonly downMs: number;
}
/** What the operator does to a picture that was ordered some time ago. */
export interface Act {
  readonly at: number;
  readonly kind: 'purge' | 'rerender';
  readonly picture: Picture;
}
export interface TopUp {
  readonly at: number;
  readonly account: string;
  readonly micros: number;
}
export interface Plan {
  readonly seed: number;
  readonly seconds: number;
  readonly orders: readonly PlannedOrder[];
  readonly troubles: readonly Trouble[];
  readonly kills: readonly Kill[];
  readonly topUps: readonly TopUp[];
  readonly acts: readonly Act[];
}

/** What a run is told. `rate` is orders a second. */
export interface PlanOptions {
  readonly seed: number;
  readonly seconds: number;
  readonly rate: number;
  /** Ids of the vendors. */
  readonly vendors: readonly string[];
}

/** The whole schedule of a run: load, failures and kills, each drawn from the seed by itself. */
export function planOf(options: PlanOptions): Plan {
  const { seed, seconds } = options;
  const orders = ordersOf(options);
  return {
    seed,
    seconds,
    orders,
    acts: actsOf(options, orders),
    troubles: troublesOf(options),
    kills: killsOf(options),
    topUps: topUpsOf(options),
  };
}

/** Vendors that make one size alone. */
const squareOnly: ReadonlySet<string> = new Set(['oxen', '1min']);
const square = { width: 1024, height: 1024 };
const smallSizes = [
  { width: 256, height: 256 },
  { width: 320, height: 256 },
  { width: 512, height: 384 },
];
/** Pictures that are still asked for again. */
const recentPictures = 40;

function ordersOf({ seed, seconds, rate, vendors }: PlanOptions): PlannedOrder[] {
  const random = randomOf(seed, 'orders');
  const pictures: Picture[] = [];
  const orders: PlannedOrder[] = [];
  for (let at = 0; at < seconds * 1000; at += (-Math.log(1 - random.next()) * 1000) / rate) {
    const account = random.pick(accountIds);
    const mine = pictures.filter(({ owner, seed: own }) => own !== null && (owner ?? account) === account);
    const usable = accountIsPrivate(account) ? mine.filter(({ owner }) => owner === account) : mine;
    const isAgain = usable.length > 0 && random.chance(0.4);
    const picture = isAgain
      ? random.pick(usable.slice(-recentPictures))
      : pictureOf(random, seed, pictures.length, account);
    if (!isAgain) pictures.push(picture);
    orders.push(orderOf(random, { index: orders.length, at: Math.round(at), account, picture, vendors }));
  }
  return orders;
}

const accountIsPrivate = (id: string) => accountPlans.some((plan) => plan.id === id && plan.isPrivate);

function pictureOf(random: Random, seed: number, index: number, account: string): Picture {
  const size = random.chance(0.4) ? square : random.pick(smallSizes);
  return {
    index,
    prompt: `chaos-${seed}-${index}- a picture that survives, with "${index}" in #336699`,
    seed: random.chance(0.12) ? null : random.whole(1, 2 ** 31),
    ...size,
    owner: accountIsPrivate(account) ? account : null,
  };
}

type Ordering = Pick<PlannedOrder, 'index' | 'at' | 'account' | 'picture'> & { readonly vendors: readonly string[] };

function orderOf(random: Random, { vendors, ...order }: Ordering): PlannedOrder {
  const { picture, account } = order;
  const isSquare = picture.width === square.width;
  const fitting = Object.entries(ways).filter(
    ([name, way]) =>
      (isSquare || way.sizes === 'any') &&
      (name !== 'link' || account === linkAccount) &&
      (picture.seed !== null || way.takesIdempotencyKey),
  );
  const way = random.pick(fitting.map(([name]) => name as WayName));
  const manner = mannerOf(random, way, picture);
  const makers = vendors.filter((vendor) => isSquare || !squareOnly.has(vendor));
  return {
    ...order,
    way,
    manner,
    provider: way !== 'link' && random.chance(0.75) ? random.pick(makers) : null,
    copies: manner === 'burst' ? random.whole(2, 8) : 1,
    patienceMs: random.whole(20, 1_500),
  };
}

function mannerOf(random: Random, way: WayName, { seed }: Picture): Manner {
  const { isLater, takesWebhook } = ways[way];
  if (isLater && random.chance(0.2)) return 'cancel';
  if (takesWebhook && random.chance(0.5)) return 'webhook';
  if (random.chance(0.15)) return 'burst';
  return seed !== null && random.chance(0.12) ? 'hang-up' : 'plain';
}

/** A wrong key and an empty balance close a vendor for two minutes: they are rare. */
const common = failures.filter((failure) => failure !== 'none' && failure !== 'bad-key' && failure !== 'credit');

function troublesOf({ seed, seconds, vendors }: PlanOptions): Trouble[] {
  const random = randomOf(seed, 'troubles');
  const troubles: Trouble[] = [];
  for (let at = 0; at < seconds * 1000; at += random.whole(200, 1_600)) {
    const failure = random.chance(0.03) ? random.pick(['bad-key', 'credit'] as const) : random.pick(common);
    const latencyMs = random.pick([20, 100, 300, 800, 2_000]);
    troubles.push({ at, vendor: random.pick(vendors), failure, times: random.whole(1, 3), latencyMs });
  }
  return troubles;
}

/** As many as could ever be: how long a start takes is the machine's. */
function killsOf({ seed, seconds }: PlanOptions): Kill[] {
  const random = randomOf(seed, 'kills');
  return Array.from({ length: Math.ceil(seconds / 2) }, () => {
    return { upMs: random.whole(1_500, 9_000), downMs: random.pick([0, 0, 200, 1_000]) };
  });
}

function topUpsOf({ seed, seconds }: PlanOptions): TopUp[] {
  const random = randomOf(seed, 'top-ups');
  const topUps: TopUp[] = [];
  for (let at = random.whole(1_000, 5_000); at < seconds * 1000; at += random.whole(3_000, 9_000)) {
    topUps.push({ at, account: random.pick(['prepaid', 'prepaid', 'private']), micros: random.whole(1, 6) * 100_001 });
  }
  return topUps;
}

/** Pictures that were ordered so long ago are mostly there. */
const oldEnoughMs = 4_000;

function actsOf({ seed, seconds }: PlanOptions, orders: readonly PlannedOrder[]): Act[] {
  const random = randomOf(seed, 'acts');
  const acts: Act[] = [];
  for (let at = random.whole(5_000, 8_000); at < seconds * 1000; at += random.whole(800, 4_000)) {
    const old = orders.filter((order) => order.at < at - oldEnoughMs).slice(-recentPictures);
    if (old.length === 0) continue;
    acts.push({ at, kind: random.pick(['purge', 'rerender']), picture: random.pick(old).picture });
  }
  return acts;
}

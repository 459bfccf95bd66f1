/** How long to wait before the service is looked for again: ever longer. */
const pausesMs = [1_000, 2_000, 4_000, 8_000, 15_000] as const;

/** A connection that is lost again so soon was none: the pauses go on growing. */
const steadyMs = 30_000;

type Callback = () => void;
const waiting = new Set<Callback>();
let isLooking = false;
let turn = 0;
let wentOnAt = 0;

/**
 * Calls back once the service answers again. It is looked for by one question at a time, whoever waits for it, and only
 * while somebody looks at the page. @returns what ends the waiting
 */
export function onceReachable(goOn: Callback): Callback {
  waiting.add(goOn);
  if (!isLooking) void look();
  return () => {
    waiting.delete(goOn);
  };
}

/** The same as a promise. @throws the signal's reason */
export function reachable(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const giveUp = onceReachable(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    });
    const stop = () => {
      giveUp();
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}

async function look(): Promise<void> {
  isLooking = true;
  if (Date.now() - wentOnAt > steadyMs) turn = 0;
  for (; waiting.size > 0; turn += 1) {
    await soon(pausesMs[Math.min(turn, pausesMs.length - 1)] ?? 0);
    await seen();
    if (waiting.size > 0 && (await isThere())) goOnAll();
  }
  isLooking = false;
}

function goOnAll(): void {
  wentOnAt = Date.now();
  const all = [...waiting];
  waiting.clear();
  for (const goOn of all) goOn();
}

/** After the pause, or as soon as the browser has a connection again. */
function soon(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener('online', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    addEventListener('online', end);
  });
}

function seen(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    look();
  });
}

const isThere = () =>
  fetch('/health', { cache: 'no-store' }).then(
    ({ ok }) => ok,
    () => false,
  );

/**
 * Whether a page is asked for by somebody at this very machine, and only to be looked at. Then it may hold the machine's
 * own key. What is refused here: a name that was made to point to this machine (DNS rebinding), for the host is
 * then that name; a proxy or tunnel that lets strangers in; a script or a frame of another page.
 *
 * Browsers send `Sec-Fetch-…` to loopback and to no other host without TLS, and no script can set them: they have to be
 * there, since wrangler's own headers let a script choose the host that it seems to ask for.
 */
export function isOnThisMachine({ url, headers }: Pick<Request, 'url' | 'headers'>): boolean {
  const host = headers.get('host') ?? new URL(url).host;
  const isLoopback = loopback.test(host) && loopback.test(new URL(url).host);
  const isDirect = !telling.some((name) => headers.has(name));
  const isLookedAt = headers.get('sec-fetch-mode') === 'navigate' && headers.get('sec-fetch-dest') === 'document';
  return isLoopback && isDirect && isLookedAt;
}

const loopback = /^(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;
/** A proxy says one of these; a script of another page says where it is from, which whoever opens a page does not. */
const telling = ['origin', 'forwarded', 'x-forwarded-for', 'x-forwarded-host', 'via', 'cf-ray'];

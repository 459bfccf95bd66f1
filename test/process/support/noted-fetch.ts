/** `fetch` for a client that can be given one, and what the client sent with it: method and path, in order. */
export function notedFetch(): { readonly fetch: typeof fetch; readonly sent: string[] } {
  const sent: string[] = [];
  const send: typeof fetch = async (input, init) => {
    const { url, method } = input instanceof Request ? input : { url: String(input), method: 'GET' };
    sent.push(`${init?.method ?? method} ${new URL(url).pathname}`);
    return await fetch(input, init);
  };
  return { fetch: send, sent };
}

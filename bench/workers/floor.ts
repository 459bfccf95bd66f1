/**
 * The least that a Worker can do for the same answer: one read, the same headers, no routes, no checks. A hit can be as
 * fast as this and no faster.
 *
 *     GET  /images/{fingerprint}.png   reads the object and answers it
 *     POST /hash                       parses the JSON, hashes it, answers the JSON of a hit
 *     POST /hash-and-read              the same, and reads the object that says whether the picture is there
 *     POST /proxy                      passes the order on to the vendor in `x-bench-vendor`, and its answer back
 */
export default {
  fetch: async (request: Request, env: Pick<Env, 'PICTURES'>): Promise<Response> => {
    const url = new URL(request.url);
    if (url.pathname === '/proxy') return await passOn(request);
    if (request.method === 'POST') return await answerOrder(request, env, url);
    const fingerprint = /^\/images\/([0-9a-f]{64})\.png$/.exec(url.pathname)?.[1] ?? '';
    const object = await env.PICTURES.get(`pictures/${fingerprint}/master`);
    if (object === null) return new Response(null, { status: 404 });
    return new Response(object.body, {
      headers: {
        'content-type': object.httpMetadata?.contentType ?? '',
        'content-length': String(object.size),
        etag: object.httpEtag,
        'accept-ranges': 'bytes',
        'cache-control': 'public, max-age=31536000, immutable',
        'cache-tag': `picture-${fingerprint}`,
        'x-content-type-options': 'nosniff',
        'content-security-policy': "default-src 'none'; sandbox",
        'cross-origin-resource-policy': 'cross-origin',
        ...common(),
      },
    });
  },
};

async function passOn(request: Request): Promise<Response> {
  const { headers, body } = request;
  return await fetch(`${headers.get('x-bench-vendor')}/v1/images/generations`, { method: 'POST', headers, body });
}

async function answerOrder(request: Request, env: Pick<Env, 'PICTURES'>, url: URL): Promise<Response> {
  const order = await request.json<{ seed: number; size: string }>();
  const bytes = new TextEncoder().encode(JSON.stringify(order));
  const fingerprint = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)).toHex();
  const recipe = request.headers.get('x-bench-recipe') ?? '';
  if (url.pathname === '/hash-and-read' && (await env.PICTURES.head(recipe)) === null) {
    return new Response(null, { status: 404 });
  }
  const details = { text_tokens: 0, image_tokens: 0 };
  const answer = {
    created: Math.floor(Date.now() / 1000),
    data: [{ url: `${url.origin}/images/${fingerprint}.png`, seed: order.seed }],
    output_format: 'png',
    size: order.size,
    usage: { total_tokens: 0, input_tokens_details: details, output_tokens_details: details, num_images: 1 },
  };
  const headers = { 'cache-control': 'private, no-store', 'x-fluxgate-fingerprint': fingerprint, ...common() };
  return Response.json(answer, { headers });
}

const common = () => ({
  'x-request-id': crypto.randomUUID(),
  'access-control-allow-origin': '*',
  'access-control-expose-headers': '*',
});

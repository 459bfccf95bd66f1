export interface ServerSentEvent<Data> {
  readonly event: string;
  readonly id: string | null;
  readonly data: Data;
}

/** All events of an answer, read to its end. Their data must be JSON, but for `[DONE]`. */
export async function eventsOf<Data = unknown>(response: Response): Promise<ServerSentEvent<Data>[]> {
  const events: ServerSentEvent<Data>[] = [];
  for await (const event of readEvents<Data>(response)) events.push(event);
  return events;
}

/** Events as they arrive. */
export async function* readEvents<Data>(response: Response): AsyncGenerator<ServerSentEvent<Data>> {
  if (response.body === null) throw new Error('The answer has no body.');
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const blocks = (rest + text).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) if (!block.startsWith(':')) yield eventOf<Data>(block);
  }
  if (rest !== '') throw new Error(`The stream broke off in an event: ${rest.slice(0, 100)}`);
}

function eventOf<Data>(block: string): ServerSentEvent<Data> {
  const lines = block.split('\n').map((line) => {
    const colon = line.indexOf(': ');
    return [line.slice(0, colon), line.slice(colon + 2)] as const;
  });
  const field = (wanted: string) => lines.filter(([name]) => name === wanted).map(([, value]) => value);
  const data = field('data').join('\n');
  return {
    event: field('event')[0] ?? 'message',
    id: field('id')[0] ?? null,
    data: (data === '[DONE]' ? data : JSON.parse(data)) as Data,
  };
}

import { type Call, call } from './front-door';

export interface ChatPicture {
  readonly type: string;
  readonly image_url: { readonly url: string };
}
export interface Completion {
  readonly id: string;
  readonly created: number;
  readonly choices: readonly {
    readonly index: number;
    readonly message: { readonly role: string; readonly content: string; readonly images: readonly ChatPicture[] };
    readonly finish_reason: string;
  }[];
}
export interface Chunk {
  readonly id: string;
  readonly object: string;
  readonly choices: readonly {
    readonly index: number;
    readonly delta: { readonly role?: string; readonly content?: string; readonly images?: readonly ChatPicture[] };
    readonly finish_reason: string | null;
  }[];
  readonly usage?: object;
  readonly error?: ChatError['error'];
}
export interface ChatError {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly code: number;
    readonly param: string | null;
    readonly metadata: { readonly error_type: string; readonly fault: string };
  };
}

/** Small and quick to draw. */
export const smallImage = { width: 64, height: 64, steps: 4 } as const;

/** Asks for a small picture in a conversation: of a user's text, or of whole messages. */
export function say(messages: string | readonly object[], more: object = {}, options: Call = {}): Promise<Response> {
  const conversation = typeof messages === 'string' ? [{ role: 'user', content: messages }] : messages;
  const json = { messages: conversation, image_config: smallImage, ...more };
  return call('/v1/chat/completions', { json, ...options });
}

/** As {@link say}, for a test that goes on from the answer. */
export async function said(messages: string | readonly object[], more: object = {}): Promise<Completion> {
  return await completionIn(await say(messages, more));
}

export async function completionIn(response: Response): Promise<Completion> {
  if (response.status !== 200) throw new Error(`Answered ${response.status}: ${await response.text()}`);
  return await response.json<Completion>();
}

/** The fingerprint of the picture that a conversation becomes. */
export async function printOf(messages: string | readonly object[], more: object = {}): Promise<string> {
  const response = await say(messages, more);
  await completionIn(response);
  return response.headers.get('x-fluxgate-fingerprint') ?? '';
}

/** The bytes in a data URL. */
export function bytesIn(dataUrl: string | undefined): Uint8Array<ArrayBuffer> {
  const match = /^data:image\/[a-z]+;base64,(.+)$/.exec(dataUrl ?? '');
  return Uint8Array.fromBase64(match?.[1] ?? '');
}

/** The URL of the picture in a text. */
export function urlIn(markdown: string | undefined): string {
  return /^!\[image\]\((.+)\)$/.exec(markdown ?? '')?.[1] ?? '';
}

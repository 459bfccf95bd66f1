import { schemeCredential } from '../core/credential';
import {
  type CreateAnswer,
  type CreateOperation,
  type Dialect,
  type Operation,
  PictureBytes,
  type WireEvent,
  type WireJson,
  type WireResponse,
} from '../core/dialect';
import type { Fault } from '../core/fault';
import type { Task } from '../core/task';
import { decodeChat } from './chat-decode';
import { chatError, encodeChatFault } from './chat-fault';
import { chatSchema } from './chat-schema';
import { modelName } from './known-model';
import { modelObject } from './model-object';

/**
 * Pictures by chat completions, as OpenRouter and hinow have them: at OpenAI's and hinow's path, and at OpenRouter's.
 * Source: https://openrouter.ai/docs/guides/overview/multimodal/image-generation
 */
export const chat: Dialect = {
  id: 'chat',
  title: 'Chat images',
  documentation: 'https://openrouter.ai/docs/guides/overview/multimodal/image-generation',
  prefixes: ['/v1/chat', '/api/v1'],
  operations: [chatOperation('/v1'), chatOperation('/api/v1'), ...modelOperations('/api/v1')],
  credential: (headers) => schemeCredential(headers, ['Bearer']),
  encodeFault: encodeChatFault,
};

function chatOperation(prefix: string): CreateOperation {
  return {
    kind: 'create',
    method: 'POST',
    path: `${prefix}/chat/completions`,
    summary: 'Make or edit pictures in a conversation',
    accepts: ['json'],
    schema: chatSchema,
    decode: decodeChat,
    encode,
    stream,
    streamFault,
    streamEnd: [{ data: '[DONE]' }],
  };
}

function modelOperations(prefix: string): Operation[] {
  return [
    {
      kind: 'catalogue',
      method: 'GET',
      path: `${prefix}/models`,
      summary: 'The models of this deployment',
      encode: (catalogue) => ({ status: 200, body: { data: [modelObject(catalogue)] } }),
    },
  ];
}

function encode(answer: CreateAnswer): WireResponse {
  const choices = answer.tasks.map((task, index) => ({
    index,
    message: { role: 'assistant', refusal: null, ...contentOf(task) },
    logprobs: null,
    finish_reason: 'stop',
  }));
  return {
    status: 200,
    body: {
      ...envelope(answer),
      object: 'chat.completion',
      provider: answer.tasks[0]?.provider ?? null,
      system_fingerprint: null,
      choices,
      usage,
    },
  };
}

/** A picture's chunks: who speaks, what is shown, that it is done; the last of the answer has the usage. */
function stream(answer: CreateAnswer, task: Task): WireEvent[] {
  if (task.picture === null) return [];
  const index = answer.tasks.findIndex(({ id }) => id === task.id);
  const isLast = index === answer.tasks.length - 1;
  return [
    chunk(answer, { index, delta: { role: 'assistant', content: '' }, finish_reason: null }),
    chunk(answer, { index, delta: contentOf(task), finish_reason: null }),
    chunk(answer, { index, delta: {}, finish_reason: 'stop' }, isLast ? { usage } : {}),
  ];
}

/** OpenRouter's way: a chunk with an error, so that a client which reads only chunks learns of it. */
function streamFault(answer: CreateAnswer, fault: Fault): WireEvent[] {
  const choice = { index: 0, delta: { role: 'assistant', content: '' }, finish_reason: 'error' };
  return [chunk(answer, choice, { error: chatError(fault) }), { data: '[DONE]' }];
}

function chunk(answer: CreateAnswer, choice: WireJson, more: { readonly [key: string]: WireJson } = {}): WireEvent {
  return { data: { ...envelope(answer), object: 'chat.completion.chunk', choices: [choice], ...more } };
}

function envelope({ requestId, tasks }: CreateAnswer) {
  const [first] = tasks;
  return {
    id: `chatcmpl-${requestId}`,
    created: Math.floor((first?.createdAt ?? 0) / 1000),
    model: modelName,
  };
}

/** The bytes in `images`, as OpenRouter has them; the URL in the text, for clients that know texts alone. */
function contentOf({ picture }: Task) {
  if (picture === null) throw new Error('A finished task has no picture.');
  const bytes = new PictureBytes(picture, `data:${picture.contentType};base64,`);
  return {
    content: `![image](${picture.url})`,
    images: [{ type: 'image_url', index: 0, image_url: { url: bytes } }],
  };
}

/** The model is priced by picture, not by token: the fields are there for clients that need them. */
const usage = { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 };

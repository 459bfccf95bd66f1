import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { Fault } from '../core/fault';
import { isKnownModel } from '../core/image-request';
import type { Order } from '../core/order';
import { parse } from '../core/parse';
import { resolveSize, type SizeChoice } from '../core/size';
import { readConversation } from './chat-conversation';
import { type ChatBody, chatSchema, type ImageConfig, sizeTable } from './chat-schema';
import { refuseUnknownModel } from './known-model';

export function decodeChat(wire: WireRequest): Order {
  const body = parse(chatSchema, wire.body.kind === 'json' ? wire.body.value : null);
  if (!body.models.some(isKnownModel)) refuseUnknownModel(body.model ?? body.models[0] ?? null);
  const { prompt, references } = readConversation(body.messages, wire.origin);
  const config = body.image_config;
  return {
    picture: {
      prompt: readPrompt(prompt, ['messages']),
      references,
      size: sizeOf(config),
      steps: config.steps,
      guidance: config.guidance,
      seed: body.seed,
      promptUpsampling: config.prompt_upsampling,
      safetyTolerance: config.safety_tolerance,
    },
    ...deliveryOf(body),
    notes: notesOn(config),
  };
}

function deliveryOf(body: ChatBody): Omit<Order, 'picture' | 'notes'> {
  return {
    count: body.n,
    format: body.image_config.output_format,
    quality: null,
    mode: body.stream ? 'stream' : 'wait',
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: true,
    webhook: null,
  };
}

function sizeOf(config: ImageConfig): SizeChoice {
  const { aspect_ratio: aspectRatio, image_size: imageSize, width, height } = config;
  if (width !== null || height !== null) return sized(width ?? 1024, height ?? 1024);
  const isLarge = imageSize === '2K' || imageSize === '4K';
  const { width: tableWidth, height: tableHeight } = sizeTable[aspectRatio ?? '1:1'];
  const size = isLarge
    ? { width: 2 * tableWidth, height: 2 * tableHeight }
    : { width: tableWidth, height: tableHeight };
  if (aspectRatio !== null) return { kind: 'pixels', ...size };
  const megapixels = imageSize === null ? null : isLarge ? 4 : 1;
  return { kind: 'match-reference', megapixels, otherwise: size };
}

/** A size out of the limits is the fault of the fields that the caller sent. */
function sized(width: number, height: number): SizeChoice {
  const choice: SizeChoice = { kind: 'pixels', width, height };
  try {
    resolveSize(choice, []);
    return choice;
  } catch {
    throw Fault.ofField(['image_config', 'width'], 'width × height may be at most 4 megapixels, such as 2048×2048.');
  }
}

function notesOn({ aspect_ratio: aspectRatio, image_size: imageSize, width, height }: ImageConfig): string[] {
  if (width !== null || height !== null) {
    const isUnused = aspectRatio !== null || imageSize !== null;
    return isUnused ? ['image_config: width and height were used; aspect_ratio and image_size were not.'] : [];
  }
  return imageSize === '4K'
    ? ['image_config.image_size: 4K was made as 2K; the model makes at most 4 megapixels.']
    : [];
}

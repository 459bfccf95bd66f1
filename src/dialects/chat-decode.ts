import { readPrompt } from '../core/canonicalise';
import type { WireRequest } from '../core/dialect';
import { isKnownModel } from '../core/image-request';
import type { Order } from '../core/order';
import { parse } from '../core/parse';
import type { SizeChoice } from '../core/size';
import { type ChatConfig, readConfig } from './chat-config';
import { readConversation } from './chat-conversation';
import { type ChatBody, chatSchema, type ImageConfig, sizeTable } from './chat-schema';
import { refuseUnknownModel } from './known-model';
import { pixelSize } from './pixel-size';

export function decodeChat(wire: WireRequest): Order {
  const value = wire.body.kind === 'json' ? wire.body.value : null;
  const body = parse(chatSchema, value);
  if (!body.models.some(isKnownModel)) refuseUnknownModel(body.model ?? body.models[0] ?? null);
  const { prompt, references } = readConversation(body.messages, wire.origin);
  const { config, placeOf } = readConfig(value, body.image_config);
  return {
    picture: {
      prompt: readPrompt(prompt, ['messages']),
      references,
      size: sizeOf(config, placeOf),
      steps: config.steps,
      guidance: config.guidance,
      seed: body.seed,
      promptUpsampling: config.prompt_upsampling,
      safetyTolerance: config.safety_tolerance,
    },
    ...deliveryOf(body, config),
    notes: notesOn(config),
  };
}

function deliveryOf(body: ChatBody, config: ImageConfig): Omit<Order, 'picture' | 'notes'> {
  return {
    count: body.n,
    format: config.output_format,
    quality: null,
    mode: body.stream ? 'stream' : 'wait',
    waitSeconds: null,
    answersWith: 'picture',
    wantsBytes: true,
    webhook: null,
  };
}

function sizeOf(config: ImageConfig, placeOf: ChatConfig['placeOf']): SizeChoice {
  const { aspect_ratio: aspectRatio, image_size: imageSize } = config;
  const pixels = pixelSize(config, placeOf);
  if (pixels !== null) return pixels;
  const isLarge = imageSize === '2K' || imageSize === '4K';
  const { width: tableWidth, height: tableHeight } = sizeTable[aspectRatio ?? '1:1'];
  const size = isLarge
    ? { width: 2 * tableWidth, height: 2 * tableHeight }
    : { width: tableWidth, height: tableHeight };
  if (aspectRatio !== null) return { kind: 'pixels', ...size };
  const megapixels = imageSize === null ? null : isLarge ? 4 : 1;
  return { kind: 'match-reference', megapixels, otherwise: size };
}

function notesOn({ aspect_ratio: aspectRatio, image_size: imageSize, size, width, height }: ImageConfig): string[] {
  if (size !== 'auto' || width !== null || height !== null) {
    const isUnused = aspectRatio !== null || imageSize !== null;
    return isUnused ? ['image_config: the size in pixels was used; aspect_ratio and image_size were not.'] : [];
  }
  return imageSize === '4K'
    ? ['image_config.image_size: 4K was made as 2K; the model makes at most 4 megapixels.']
    : [];
}

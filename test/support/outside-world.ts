import { vi } from 'vitest';

export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string;
}

/**
 * Stands in for every host outside, until {@link comeBack}. Answers as it is told, and remembers what was sent.
 * Nothing that a test does may leave the machine.
 */
export function outsideWorld(answer: (sent: Sent) => Response | Promise<Response>): Sent[] {
  const seen: Sent[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const request = new Request(input as RequestInfo, init as RequestInit);
    const body = await request.text();
    const sent = { url: request.url, method: request.method, headers: request.headers, body };
    seen.push(sent);
    return await answer(sent);
  });
  return seen;
}

/** Puts the world back. For `afterEach`. */
export function comeBack(): void {
  vi.restoreAllMocks();
}

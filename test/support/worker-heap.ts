import type {CDPSession} from 'playwright-core';
import type {Chromium} from './chromium.ts';

/** What a worker's heap holds after a collection, bytes. */
export interface HeapUsage {
  /** Objects of JavaScript. */
  readonly usedSize: number;
  /** What array buffers and WebAssembly memories hold. */
  readonly backingStorageSize: number;
}

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: {readonly message: string};
}

/**
 * Collects the garbage of the page's worker and gives what is left on its heap.
 * @throws Error where the page has no worker, or several.
 */
export async function workerHeap({context, page}: Chromium): Promise<HeapUsage> {
  const session = await context.newCDPSession(page);
  try {
    const sessionIds: string[] = [];
    session.on('Target.attachedToTarget', ({sessionId, targetInfo}) => {
      if (targetInfo.type === 'worker') sessionIds.push(sessionId);
    });
    // not flattened: Playwright's sessions have no way to address a child by its id
    await session.send('Target.setAutoAttach', {
      autoAttach: true,
      waitForDebuggerOnStart: false,
      flatten: false,
    });
    const [sessionId, ...others] = sessionIds;
    if (sessionId === undefined || others.length > 0) {
      throw new Error(`got ${sessionIds.length} workers, expected one`);
    }
    await sendToWorker(session, sessionId, 1, 'HeapProfiler.collectGarbage');
    return (await sendToWorker(session, sessionId, 2, 'Runtime.getHeapUsage')) as HeapUsage;
  } finally {
    await session.detach();
  }
}

function sendToWorker(session: CDPSession, sessionId: string, id: number, method: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    session.on('Target.receivedMessageFromTarget', (event) => {
      const reply = JSON.parse(event.message) as Reply;
      if (event.sessionId !== sessionId || reply.id !== id) return;
      if (reply.error) reject(new Error(`${method}: ${reply.error.message}`));
      else resolve(reply.result);
    });
    session
      .send('Target.sendMessageToTarget', {sessionId, message: JSON.stringify({id, method})})
      .catch(reject);
  });
}

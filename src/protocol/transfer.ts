import type {Request} from './messages.ts';

/** What a request hands over instead of copying. */
export function transferOf(request: Request): Transferable[] {
  return request.kind === 'listen' ? [request.payload.port] : [];
}

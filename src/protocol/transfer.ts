import type {Request} from './messages.ts';

/** What a request hands over instead of copying. */
export function transferOf(request: Request): Transferable[] {
  switch (request.kind) {
    case 'listen':
    case 'transcribe':
      return [request.payload.port];
    case 'transcribe-file': {
      const {audio} = request.payload;
      return 'channels' in audio ? audio.channels.map(({buffer}) => buffer as ArrayBuffer) : [];
    }
    default:
      return [];
  }
}

import type {KwsListener, LiveTranscript} from '../../elements.ts';

/** Whom {@link watchSessions} tells what. */
export interface SessionWatcher {
  /** Parts of the build that are used: systems and engines by their names. */
  readonly onParts: (parts: readonly string[]) => void;
  /** Called when nothing on the page listens or reads a recording any more. */
  readonly onQuiet: () => void;
}

const BUSY_STATES = ['starting', 'listening', 'transcribing', 'stopping'];

/** Watches what the elements of the page use and do. */
export function watchSessions({onParts, onQuiet}: SessionWatcher): {readonly areBusy: () => boolean} {
  const busy = new Set<EventTarget>();
  const told = new Set<string>();
  const tell = (parts: readonly string[]): void => {
    const news = parts.filter((part) => !told.has(part));
    if (news.length === 0) return;
    for (const part of news) told.add(part);
    onParts(news);
  };
  const onState = ({target, state}: GlobalEventHandlersEventMap['kws-state' | 'transcript-state']): void => {
    const element = target as KwsListener | LiveTranscript;
    if (BUSY_STATES.includes(state.name)) busy.add(element);
    else busy.delete(element);
    if (element.info) tell([element.info.systemId, element.info.engine]);
    if (state.name === 'transcribing') tell(['recordings']);
    if (busy.size === 0) onQuiet();
  };
  document.addEventListener('kws-state', onState);
  document.addEventListener('transcript-state', onState);
  return {areBusy: () => busy.size > 0};
}

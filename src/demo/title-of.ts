import type {SystemCard} from '../index.ts';

/** What people call a system. */
export function titleOf(systems: readonly SystemCard[], systemId: string): string {
  return systems.find(({id}) => id === systemId)?.title ?? systemId;
}

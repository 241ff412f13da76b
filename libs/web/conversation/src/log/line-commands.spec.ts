import type { Conversation } from '@cloudhop/contracts';
import type { MessageRow } from '@cloudhop/web/ui';
import { commandsOf } from './line-commands';

const line = (isMine: boolean, more: object = {}) => ({ isMine, message: { rev: 4, ...more } }) as MessageRow['line'];
const direct: Pick<Conversation, 'kind' | 'role'> = { kind: 'direct', role: 'member' };
const room = (role: Conversation['role']): Pick<Conversation, 'kind' | 'role'> => ({ kind: 'room', role });

describe('commandsOf', () => {
  it('changes one’s own, and reacts to what others said', () => {
    expect(commandsOf(line(true), direct, undefined)).toEqual(['pick', 'copy', 'pin', 'edit', 'delete']);
    expect(commandsOf(line(false), direct, undefined)).toEqual(['pick', 'copy', 'pin', 'person']);
  });

  it('only copies what is not stored yet', () => {
    expect(commandsOf(line(true, { rev: 0 }), direct, undefined)).toEqual(['copy']);
  });

  it('lets moderators pin and delete what anybody said', () => {
    expect(commandsOf(line(false), room('member'), undefined)).toEqual(['pick', 'copy', 'person']);
    expect(commandsOf(line(false), room('moderator'), undefined)).toEqual(['pick', 'copy', 'pin', 'person', 'delete']);
    expect(commandsOf(line(false, { pinnedAt: 'then' }), room('owner'), undefined)).toContain('unpin');
  });

  it('leaves out what would be refused', () => {
    expect(commandsOf(line(true), room('member'), { reason: 'announcement' })).toEqual(['pick', 'copy', 'delete']);
    expect(commandsOf(line(true), room('member'), { reason: 'muted', until: 9 })).toEqual(['copy', 'delete']);
    expect(commandsOf(line(true), room('owner'), { reason: 'archived' })).toEqual(['copy']);
    expect(commandsOf(line(true), direct, { reason: 'blocked', peerId: 'ben' })).toEqual(['copy', 'delete']);
  });
});

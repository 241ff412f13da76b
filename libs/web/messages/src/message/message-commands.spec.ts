import type { Conversation } from '@cloudhop/contracts';
import type { MessageRow } from '@cloudhop/web/ui';
import { messageCommands } from './message-commands';

const line = (isMine: boolean, more: object = {}, status?: string) =>
  ({ isMine, status, message: { rev: 4, reactions: [], ...more } }) as unknown as MessageRow['line'];
const direct: Pick<Conversation, 'kind' | 'role'> = { kind: 'direct', role: 'member' };
const room = (role: Conversation['role']): Pick<Conversation, 'kind' | 'role'> => ({ kind: 'room', role });

const stored = ['forward', 'link'];

/** Commands apart from those that every stored message has. */
const special = (...asked: Parameters<typeof messageCommands>) =>
  messageCommands(...asked).filter((command) => !stored.includes(command));

describe('messageCommands', () => {
  it('answers, changes one’s own, and reacts to what others said', () => {
    expect(special(line(true), direct, undefined)).toEqual(['reply', 'pick', 'edit', 'copy', 'pin', 'delete']);
    expect(special(line(false), direct, undefined)).toEqual(['reply', 'pick', 'copy', 'pin', 'person']);
    expect(messageCommands(line(false), direct, undefined)).toEqual(expect.arrayContaining(stored));
  });

  it('only copies what is not stored yet, and says otherwise what was refused', () => {
    expect(messageCommands(line(true, { rev: 0 }, 'sending'), direct, undefined)).toEqual(['copy']);
    expect(messageCommands(line(true, { rev: 0 }, 'failed'), direct, undefined)).toEqual(['edit', 'copy']);
  });

  it('lets moderators pin and delete what anybody said', () => {
    expect(special(line(false), room('member'), undefined)).toEqual(['reply', 'pick', 'copy', 'person']);
    expect(special(line(false), room('moderator'), undefined)).toEqual([
      'reply',
      'pick',
      'copy',
      'pin',
      'person',
      'delete',
    ]);
    expect(messageCommands(line(false, { pinnedAt: 'then' }), room('owner'), undefined)).toContain('unpin');
  });

  it('shows former texts to who wrote them and to moderators', () => {
    const edited = { editedAt: 'then' };
    expect(messageCommands(line(true, edited), direct, undefined)).toContain('edits');
    expect(messageCommands(line(false, edited), room('moderator'), undefined)).toContain('edits');
    expect(messageCommands(line(false, edited), room('member'), undefined)).not.toContain('edits');
    expect(messageCommands(line(true), direct, undefined)).not.toContain('edits');
  });

  it('names who reacted where somebody has', () => {
    const reacted = { reactions: [{ emoji: '🎉', count: 1 }] };
    expect(messageCommands(line(false, reacted), room('member'), undefined)).toContain('reactions');
  });

  it('leaves out what would be refused', () => {
    expect(special(line(true), room('member'), { reason: 'announcement' })).toEqual(['pick', 'copy', 'delete']);
    expect(special(line(true), room('member'), { reason: 'muted', until: 9 })).toEqual(['copy', 'delete']);
    expect(special(line(true), room('owner'), { reason: 'archived' })).toEqual(['copy']);
    expect(special(line(true), direct, { reason: 'blocked', peerId: 'ben' })).toEqual(['copy', 'delete']);
  });
});

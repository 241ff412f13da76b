import type { Conversation, User } from '@cloudhop/contracts';
import { closingOf } from './closing';

const now = Date.parse('2026-05-01T12:00:00.000Z');
const guest = { id: 'me', kind: 'guest' } as User;
const member = { id: 'me', kind: 'member' } as User;
const known = { me: member, blocks: new Map(), users: new Map<string, User>(), now };
const room = (more: Partial<Conversation> = {}) =>
  ({ id: 'r', kind: 'room', role: 'member', guests: 'write', ...more }) as Conversation;
const direct = { id: 'd', kind: 'direct', peerId: 'ben', role: 'member' } as Conversation;

describe('closingOf', () => {
  it('leaves open what nothing closes', () => {
    expect(closingOf(room(), known)).toBeUndefined();
    expect(closingOf(room(), { ...known, me: guest })).toBeUndefined();
    expect(closingOf(direct, known)).toBeUndefined();
    expect(
      closingOf({ id: 'l', kind: 'lobby', role: 'member' } as Conversation, { ...known, me: guest }),
    ).toBeUndefined();
  });

  it('closes private conversations by a block, and by a farewell', () => {
    expect(closingOf(direct, { ...known, blocks: new Map([['ben', 'blocked']]) })).toEqual({
      reason: 'blocked',
      peerId: 'ben',
    });
    expect(closingOf(direct, { ...known, blocks: new Map([['ben', 'muted']]) })).toBeUndefined();
    const gone = new Map([['ben', { id: 'ben', isGone: true } as User]]);
    expect(closingOf(direct, { ...known, users: gone })).toEqual({ reason: 'gone', peerId: 'ben' });
  });

  it('closes rooms to guests and to members, and never to who looks after them', () => {
    for (const guests of ['read', 'none'] as const) {
      expect(closingOf(room({ guests }), { ...known, me: guest })).toEqual({ reason: 'guests' });
      expect(closingOf(room({ guests }), known)).toBeUndefined();
      expect(closingOf(room({ guests, role: 'moderator' }), { ...known, me: guest })).toBeUndefined();
    }
    expect(closingOf(room({ isAnnouncement: true }), known)).toEqual({ reason: 'announcement' });
    expect(closingOf(room({ isAnnouncement: true, role: 'owner' }), known)).toBeUndefined();
  });

  it('closes a mute for as long as it lasts, also in the lobby', () => {
    const mutedUntil = '2026-05-01T12:00:10.000Z';
    expect(closingOf(room({ mutedUntil }), known)).toEqual({ reason: 'muted', until: now + 10_000 });
    expect(closingOf(room({ mutedUntil, kind: 'lobby' }), known)?.reason).toBe('muted');
    expect(closingOf(room({ mutedUntil }), { ...known, now: now + 10_000 })).toBeUndefined();
  });

  it('closes an archived room to everybody', () => {
    const archivedAt = '2026-04-01T12:00:00.000Z';
    expect(closingOf(room({ archivedAt, role: 'owner' }), known)).toEqual({ reason: 'archived' });
  });
});

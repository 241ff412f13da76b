import type { Conversation, User } from '@cloudhop/contracts';
import { writeRestrictionOf } from './write-restriction';

const now = Date.parse('2026-05-01T12:00:00.000Z');
const guest = { id: 'me', kind: 'guest' } as User;
const member = { id: 'me', kind: 'member' } as User;
const known = { me: member, blocks: new Map(), users: new Map<string, User>(), now };
const room = (more: Partial<Conversation> = {}) =>
  ({ id: 'r', kind: 'room', role: 'member', guests: 'write', ...more }) as Conversation;
const direct = { id: 'd', kind: 'direct', peerId: 'ben', role: 'member' } as Conversation;

describe('writeRestrictionOf', () => {
  it('leaves open what nothing closes', () => {
    expect(writeRestrictionOf(room(), known)).toBeUndefined();
    expect(writeRestrictionOf(room(), { ...known, me: guest })).toBeUndefined();
    expect(writeRestrictionOf(direct, known)).toBeUndefined();
    expect(
      writeRestrictionOf({ id: 'l', kind: 'lobby', role: 'member' } as Conversation, { ...known, me: guest }),
    ).toBeUndefined();
  });

  it('closes private conversations by a block, and by a farewell', () => {
    expect(writeRestrictionOf(direct, { ...known, blocks: new Map([['ben', 'blocked']]) })).toEqual({
      reason: 'blocked',
      peerId: 'ben',
    });
    expect(writeRestrictionOf(direct, { ...known, blocks: new Map([['ben', 'muted']]) })).toBeUndefined();
    const gone = new Map([['ben', { id: 'ben', isGone: true } as User]]);
    expect(writeRestrictionOf(direct, { ...known, users: gone })).toEqual({ reason: 'gone', peerId: 'ben' });
  });

  it('closes rooms to guests and to members, and never to who looks after them', () => {
    for (const guests of ['read', 'none'] as const) {
      expect(writeRestrictionOf(room({ guests }), { ...known, me: guest })).toEqual({ reason: 'guests' });
      expect(writeRestrictionOf(room({ guests }), known)).toBeUndefined();
      expect(writeRestrictionOf(room({ guests, role: 'moderator' }), { ...known, me: guest })).toBeUndefined();
    }
    expect(writeRestrictionOf(room({ isAnnouncement: true }), known)).toEqual({ reason: 'announcement' });
    expect(writeRestrictionOf(room({ isAnnouncement: true, role: 'owner' }), known)).toBeUndefined();
  });

  it('closes a mute for as long as it lasts, also in the lobby', () => {
    const mutedUntil = '2026-05-01T12:00:10.000Z';
    expect(writeRestrictionOf(room({ mutedUntil }), known)).toEqual({ reason: 'muted', until: now + 10_000 });
    expect(writeRestrictionOf(room({ mutedUntil, kind: 'lobby' }), known)?.reason).toBe('muted');
    expect(writeRestrictionOf(room({ mutedUntil }), { ...known, now: now + 10_000 })).toBeUndefined();
  });

  it('closes an archived room to everybody', () => {
    const archivedAt = '2026-04-01T12:00:00.000Z';
    expect(writeRestrictionOf(room({ archivedAt, role: 'owner' }), known)).toEqual({ reason: 'archived' });
  });
});

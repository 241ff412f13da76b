import type { Member } from '@cloudhop/contracts';
import { memberActions } from './member-actions';

const now = Date.parse('2026-05-01T12:00:00.000Z');
const member = (more: Partial<Member> = {}): Member => ({ userId: 'ben', role: 'member', state: 'joined', ...more });
const acts = (more: Partial<Member>, role: Member['role'] = 'moderator') =>
  memberActions(member(more), { me: 'me', role, now });

describe('memberActions', () => {
  it('lets moderators act on members, and only the owner assign roles and ownership', () => {
    expect(acts({})).toEqual(['mute', 'remove', 'ban']);
    expect(acts({}, 'owner')).toEqual(['promote', 'handOver', 'mute', 'remove', 'ban']);
    expect(acts({ role: 'moderator' }, 'owner')).toEqual(['demote', 'handOver', 'mute', 'remove', 'ban']);
  });

  it('offers nothing on oneself, on equal or higher roles, or to members', () => {
    expect(acts({ userId: 'me' }, 'owner')).toEqual([]);
    expect(acts({ role: 'moderator' })).toEqual([]);
    expect(acts({ role: 'owner' })).toEqual([]);
    expect(acts({}, 'member')).toEqual([]);
  });

  it('ends a mute only while it holds', () => {
    expect(acts({ mutedUntil: '2026-05-01T12:00:01.000Z' })).toContain('unmute');
    expect(acts({ mutedUntil: '2026-05-01T11:59:59.000Z' })).toContain('mute');
  });

  it('revokes bans and invitations', () => {
    expect(acts({ state: 'banned' })).toEqual(['unban']);
    expect(acts({ state: 'invited' })).toEqual(['uninvite']);
  });
});

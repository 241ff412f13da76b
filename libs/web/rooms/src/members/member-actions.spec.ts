import type { Member } from '@cloudhop/contracts';
import { memberActions } from './member-actions';

const now = Date.parse('2026-05-01T12:00:00.000Z');
const member = (more: Partial<Member> = {}): Member => ({ userId: 'ben', role: 'member', state: 'joined', ...more });
const acts = (more: Partial<Member>, role: Member['role'] = 'moderator') =>
  memberActions(member(more), { me: 'me', role, now });

describe('memberActions', () => {
  it('lets moderators look after members, and only the owner give roles and the room', () => {
    expect(acts({})).toEqual(['mute', 'remove', 'ban']);
    expect(acts({}, 'owner')).toEqual(['promote', 'handOver', 'mute', 'remove', 'ban']);
    expect(acts({ role: 'moderator' }, 'owner')).toEqual(['demote', 'handOver', 'mute', 'remove', 'ban']);
  });

  it('leaves alone oneself, one’s equals and those above, and gives members nothing', () => {
    expect(acts({ userId: 'me' }, 'owner')).toEqual([]);
    expect(acts({ role: 'moderator' })).toEqual([]);
    expect(acts({ role: 'owner' })).toEqual([]);
    expect(acts({}, 'member')).toEqual([]);
  });

  it('ends a mute only while it holds', () => {
    expect(acts({ mutedUntil: '2026-05-01T12:00:01.000Z' })).toContain('unmute');
    expect(acts({ mutedUntil: '2026-05-01T11:59:59.000Z' })).toContain('mute');
  });

  it('takes back bans and invitations', () => {
    expect(acts({ state: 'banned' })).toEqual(['unban']);
    expect(acts({ state: 'invited' })).toEqual(['uninvite']);
  });
});

import type { Member } from '@cloudhop/contracts';
import { groupMembers, withChanges } from './member-groups';

const member = (userId: string, more: Partial<Member> = {}): Member => ({
  userId,
  role: 'member',
  state: 'joined',
  ...more,
});
const ids = (members: readonly Member[]) => members.map(({ userId }) => userId);

describe('withChanges', () => {
  const listed = [member('ann', { isHere: true }), member('ben'), member('cleo')];

  it('applies the latest change of each member, and keeps who is online', () => {
    const changed = new Map([['ann', member('ann', { role: 'moderator' })]]);
    expect(withChanges(listed, changed, 'joined')[0]).toEqual(member('ann', { role: 'moderator', isHere: true }));
  });

  it('removes members who left, and adds new ones', () => {
    const changed = new Map([
      ['ben', member('ben', { state: 'left' })],
      ['cleo', member('cleo', { state: 'banned' })],
      ['dan', member('dan')],
    ]);
    expect(ids(withChanges(listed, changed, 'joined'))).toEqual(['ann', 'dan']);
    expect(ids(withChanges([], changed, 'banned'))).toEqual(['cleo']);
  });
});

describe('groupMembers', () => {
  it('lists online members first, then moderators, then the others', () => {
    const groups = groupMembers([
      member('zoe', { isHere: true }),
      member('mod', { role: 'moderator', isHere: true }),
      member('xu', { role: 'moderator' }),
      member('own', { role: 'owner' }),
      member('ben'),
      member('ann'),
    ]);
    expect(ids(groups.here)).toEqual(['mod', 'zoe']);
    expect(ids(groups.staff)).toEqual(['own', 'xu']);
    expect(ids(groups.rest)).toEqual(['ben', 'ann']);
  });
});

import { limits, type Member } from '@cloudhop/contracts';
import { memberActions, sortMembers, titleProblem } from './group-members';

const { compare } = new Intl.Collator('en');
const member = (userId: string, more: Partial<Member> = {}): Member => ({
  userId,
  role: 'member',
  state: 'joined',
  ...more,
});

describe('titleProblem', () => {
  it('counts graphemes', () => {
    expect(titleProblem('  ')).toBe('empty');
    expect(titleProblem('👨‍👩‍👧‍👦'.repeat(limits.titleGraphemes))).toBeUndefined();
    expect(titleProblem('爬'.repeat(limits.titleGraphemes + 1))).toBe('long');
    expect(titleProblem(` ${'爬'.repeat(limits.titleGraphemes)} `)).toBeUndefined();
  });
});

describe('sortMembers', () => {
  it('sorts the owner first, then the user, then the others by name, and lists invited users apart', () => {
    const { joined, invited } = sortMembers(
      [
        member('zoe'),
        member('me'),
        member('gone', { state: 'left' }),
        member('asked', { state: 'invited' }),
        member('ben'),
        member('xu', { role: 'owner' }),
      ],
      'me',
      (id) => id,
      compare,
    );
    expect(joined.map(({ userId }) => userId)).toEqual(['xu', 'me', 'ben', 'zoe']);
    expect(invited.map(({ userId }) => userId)).toEqual(['asked']);
  });
});

describe('memberActions', () => {
  it('lets the owner act on everybody else, and others revoke their own invitations', () => {
    expect(memberActions(member('ben'), 'me', true)).toEqual(['handOver', 'remove']);
    expect(memberActions(member('ben'), 'me', false)).toEqual([]);
    expect(memberActions(member('me'), 'me', true)).toEqual([]);
    const asked = (invitedBy: string) => member('ben', { state: 'invited', invitedBy });
    expect(memberActions(asked('me'), 'me', false)).toEqual(['uninvite']);
    expect(memberActions(asked('zoe'), 'me', true)).toEqual(['uninvite']);
    expect(memberActions(asked('zoe'), 'me', false)).toEqual([]);
  });
});

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
  it('counts what people count as characters', () => {
    expect(titleProblem('  ')).toBe('empty');
    expect(titleProblem('👨‍👩‍👧‍👦'.repeat(limits.titleGraphemes))).toBeUndefined();
    expect(titleProblem('爬'.repeat(limits.titleGraphemes + 1))).toBe('long');
    expect(titleProblem(` ${'爬'.repeat(limits.titleGraphemes)} `)).toBeUndefined();
  });
});

describe('sortMembers', () => {
  it('puts the owner first, then oneself, then the others by name, and who was asked in apart', () => {
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
  it('lets the owner decide on everybody else, and others take back whom they asked', () => {
    expect(memberActions(member('ben'), 'me', true)).toEqual(['handOver', 'remove']);
    expect(memberActions(member('ben'), 'me', false)).toEqual([]);
    expect(memberActions(member('me'), 'me', true)).toEqual([]);
    const asked = (invitedBy: string) => member('ben', { state: 'invited', invitedBy });
    expect(memberActions(asked('me'), 'me', false)).toEqual(['uninvite']);
    expect(memberActions(asked('zoe'), 'me', true)).toEqual(['uninvite']);
    expect(memberActions(asked('zoe'), 'me', false)).toEqual([]);
  });
});

import type { ConversationSummary } from '@cloudhop/sdk';
import fc from 'fast-check';
import type { NewsView } from './news';
import { firstBoard, nextBoard, subjectsOf, type NoticeBoard } from './notice-board';

interface Said {
  seq: number;
  isNaming: boolean;
  /** Called for the person while nobody looked, or joined a notice that was there. */
  isUnlooked: boolean;
}
interface Talk {
  said: Said[];
  readSeq: number;
  notices: 'all' | 'mentions' | 'none';
}
const names = ['a', 'b', 'c'];
const levels = ['all', 'mentions', 'none'] as const;

function summaryOf(id: string, { said, readSeq, notices }: Talk): ConversationSummary {
  const unread = said.filter(({ seq }) => seq > readSeq);
  const mentions = unread.filter(({ isNaming }) => isNaming).map(({ seq }) => seq);
  const last = said.at(-1);
  return {
    conversation: { id, kind: 'group', seq: said.length } as ConversationSummary['conversation'],
    ...(last && { last: { seq: last.seq, authorId: 'other', body: '', createdAt: '2026-05-01T12:00:00.000Z' } }),
    unread: unread.length,
    mentions,
    notices,
    badge: notices === 'all' ? unread.length : notices === 'mentions' ? mentions.length : 0,
    isArchived: false,
  };
}
const viewOf = (talks: ReadonlyMap<string, Talk>): NewsView => ({
  isLive: true,
  me: 'me',
  friends: new Map(),
  blocks: new Map(),
  invitations: new Map(),
  conversations: new Map([...talks].map(([id, talk]) => [id, summaryOf(id, talk)])),
});

const name = fc.constantFrom(...names);
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('say' as const), in: name, isNaming: fc.boolean() }) },
  fc.record({ do: fc.constant('read' as const), in: name, back: fc.nat(3) }),
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('hide' as const, 'show' as const) }) },
  fc.record({ do: fc.constant('open' as const), in: fc.option(name, { nil: undefined }) }),
  fc.record({ do: fc.constant('choose' as const), in: name, notices: fc.constantFrom(...levels) }),
);

describe('the board of notices', () => {
  it('has a notice of a conversation exactly while something unread in it is newer than the last look at it', () => {
    const start = fc.array(fc.record({ count: fc.nat(3), notices: fc.constantFrom(...levels) }), {
      minLength: names.length,
      maxLength: names.length,
    });
    fc.assert(
      fc.property(start, fc.array(action, { maxLength: 60, size: 'max' }), (beginnings, actions) => {
        const talks = new Map<string, Talk>(
          beginnings.map(({ count, notices }, index) => [
            names[index]!,
            {
              said: Array.from({ length: count }, (_, at) => ({ seq: at + 1, isNaming: true, isUnlooked: false })),
              readSeq: 0,
              notices,
            },
          ]),
        );
        let board: NoticeBoard = firstBoard(subjectsOf(viewOf(talks)));
        let isVisible = true;
        let openId: string | undefined;
        const counts = ({ isNaming }: Said, { notices }: Talk) =>
          notices === 'all' || (notices === 'mentions' && isNaming);
        const waits = (id: string) => {
          const talk = talks.get(id)!;
          return talk.said.some((said) => said.isUnlooked && said.seq > talk.readSeq && counts(said, talk));
        };
        for (const step of actions) {
          const talk = 'in' in step && step.in !== undefined ? talks.get(step.in)! : undefined;
          if (step.do === 'say') {
            const said = { seq: talk!.said.length + 1, isNaming: step.isNaming, isUnlooked: false };
            said.isUnlooked = (!isVisible && counts(said, talk!)) || waits(step.in);
            talk!.said.push(said);
          }
          if (step.do === 'read') talk!.readSeq = Math.max(talk!.readSeq, talk!.said.length - step.back);
          if (step.do === 'choose') talk!.notices = step.notices;
          if (step.do === 'hide' || step.do === 'show') isVisible = step.do === 'show';
          if (step.do === 'open') openId = step.in;
          // Looked at, or nothing of it calls any more: what was there is no news later.
          for (const id of names)
            if ((isVisible && id === openId) || !waits(id))
              for (const said of talks.get(id)!.said) said.isUnlooked = false;
          board = nextBoard(board, subjectsOf(viewOf(talks)), { isVisible, isOpen: (key) => key === openId });
          expect([...board.shown.keys()].sort()).toEqual(names.filter(waits));
        }
      }),
    );
  });

  it('shows requests and invitations until they are answered, and again when they come again', () => {
    const isHidden = { isVisible: false, isOpen: () => false };
    const none = viewOf(new Map());
    const asked: NewsView = {
      ...none,
      friends: new Map([['a', { userId: 'a', state: 'received', at: '2026-05-01T12:00:00.000Z' }]]),
      invitations: new Map([['g', { invitedBy: 'b', at: '2026-05-01T12:00:00.000Z', memberCount: 2 }]]),
    };
    let board = firstBoard(subjectsOf(none));
    const step = (view: NewsView) => [...(board = nextBoard(board, subjectsOf(view), isHidden)).shown.keys()];
    expect(step(asked)).toEqual(['request a', 'invitation g']);
    expect(step(none)).toEqual([]);
    expect(step(asked)).toEqual(['request a', 'invitation g']);
    expect(step({ ...asked, blocks: new Map([['a', 'blocked']]) })).toEqual(['invitation g']);
  });

  it('keeps a notice when somebody who is muted says more, and makes none of it', () => {
    const talk: Talk = { said: [{ seq: 1, isNaming: false, isUnlooked: true }], readSeq: 0, notices: 'all' };
    const by = (authorId: string, seq: number): NewsView => {
      const summary = summaryOf('a', { ...talk, said: Array.from({ length: seq }, () => talk.said[0]!) });
      const last = { seq, authorId, body: '', createdAt: '2026-05-01T12:00:00.000Z' };
      return {
        ...viewOf(new Map()),
        blocks: new Map([['muted', 'muted']]),
        conversations: new Map([['a', { ...summary, last }]]),
      };
    };
    const isHidden = { isVisible: false, isOpen: () => false };
    const begun = firstBoard([]);
    expect(nextBoard(begun, subjectsOf(by('muted', 1)), isHidden).shown.size).toBe(0);
    const shown = nextBoard(begun, subjectsOf(by('other', 1)), isHidden);
    expect([...nextBoard(shown, subjectsOf(by('muted', 2)), isHidden).shown]).toEqual([['a', 1]]);
  });
});

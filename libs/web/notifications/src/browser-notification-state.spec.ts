import type { ConversationSummary } from '@cloudhop/sdk';
import fc from 'fast-check';
import type { NotificationSource } from './notification-events';
import {
  initialNotificationState,
  nextNotificationState,
  notificationSubjects,
  type BrowserNotificationState,
} from './browser-notification-state';

interface Said {
  seq: number;
  text: string;
  isDeleted: boolean;
  isNaming: boolean;
  /** Notified while nobody looked, or added to an existing notification. */
  isUnlooked: boolean;
}
interface Talk {
  said: Said[];
  readSeq: number;
  notices: 'all' | 'mentions' | 'none';
}
const names = ['a', 'b', 'c'];
const levels = ['all', 'mentions', 'none'] as const;

const lineOf = (seq: number) => ({ seq, authorId: 'other', body: '', createdAt: '2026-05-01T12:00:00.000Z' });

function summaryOf(id: string, { said, readSeq, notices }: Talk): ConversationSummary {
  const unread = said.filter(({ seq }) => seq > readSeq);
  const there = unread.filter(({ isDeleted }) => !isDeleted);
  const mentions = there.filter(({ isNaming }) => isNaming).map(({ seq }) => seq);
  const lines = there.map(({ seq, text }) => ({ ...lineOf(seq), body: text }));
  const last = said.findLast(({ isDeleted }) => !isDeleted);
  return {
    conversation: { id, kind: 'group', seq: said.length } as ConversationSummary['conversation'],
    ...(last && { last: { ...lineOf(last.seq), body: last.text } }),
    arrivals: lines,
    unread: unread.length,
    mentions,
    notices,
    badge: notices === 'all' ? unread.length : notices === 'mentions' ? mentions.length : 0,
    isArchived: false,
  };
}
const saidAt = (seq: number, isNaming: boolean): Said => ({
  seq,
  text: `text ${seq}`,
  isDeleted: false,
  isNaming,
  isUnlooked: false,
});
const viewOf = (talks: ReadonlyMap<string, Talk>): NotificationSource => ({
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
  { weight: 2, arbitrary: fc.record({ do: fc.constant('delete' as const), in: name, back: fc.nat(3) }) },
  fc.record({ do: fc.constant('edit' as const), in: name, back: fc.nat(3), text: fc.constantFrom('x', 'y') }),
  fc.record({ do: fc.constant('open' as const), in: fc.option(name, { nil: undefined }) }),
  fc.record({ do: fc.constant('choose' as const), in: name, notices: fc.constantFrom(...levels) }),
);

describe('the board of notices', () => {
  it('has a notice of a conversation exactly while something unread and not deleted in it is newer than the last look at it, with its words', () => {
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
              said: Array.from({ length: count }, (_, at) => saidAt(at + 1, true)),
              readSeq: 0,
              notices,
            },
          ]),
        );
        let board: BrowserNotificationState = initialNotificationState(notificationSubjects(viewOf(talks)));
        let isVisible = true;
        let openId: string | undefined;
        const counts = ({ isNaming, isDeleted }: Said, { notices }: Talk) =>
          !isDeleted && (notices === 'all' || (notices === 'mentions' && isNaming));
        const countdown = (id: string) => {
          const talk = talks.get(id)!;
          return talk.said.some((said) => said.isUnlooked && said.seq > talk.readSeq && counts(said, talk));
        };
        for (const step of actions) {
          const talk = 'in' in step && step.in !== undefined ? talks.get(step.in)! : undefined;
          if (step.do === 'say') {
            const said = saidAt(talk!.said.length + 1, step.isNaming);
            said.isUnlooked = (!isVisible && counts(said, talk!)) || countdown(step.in);
            talk!.said.push(said);
          }
          if (step.do === 'read') talk!.readSeq = Math.max(talk!.readSeq, talk!.said.length - step.back);
          const meant = 'back' in step ? talk!.said.at(-1 - step.back) : undefined;
          if (step.do === 'delete' && meant) meant.isDeleted = true;
          if (step.do === 'edit' && meant) meant.text = step.text;
          if (step.do === 'choose') talk!.notices = step.notices;
          if (step.do === 'hide' || step.do === 'show') isVisible = step.do === 'show';
          if (step.do === 'open') openId = step.in;
          // Looked at, or nothing notifies any more: it is not notified again later.
          for (const id of names)
            if ((isVisible && id === openId) || !countdown(id))
              for (const said of talks.get(id)!.said) said.isUnlooked = false;
          board = nextNotificationState(board, notificationSubjects(viewOf(talks)), {
            isVisible,
            isOpen: (key) => key === openId,
          });
          expect([...board.shown.keys()].sort()).toEqual(names.filter(countdown));
          for (const [id, { text }] of board.shown) {
            const told = talks.get(id)!.said.findLast((said) => counts(said, talks.get(id)!));
            expect(text).toBe(told!.text);
          }
        }
      }),
    );
  });

  it('shows requests and invitations until they are answered, and again when they come again', () => {
    const isHidden = { isVisible: false, isOpen: () => false };
    const none = viewOf(new Map());
    const asked: NotificationSource = {
      ...none,
      friends: new Map([['a', { userId: 'a', state: 'received', at: '2026-05-01T12:00:00.000Z' }]]),
      invitations: new Map([['g', { invitedBy: 'b', at: '2026-05-01T12:00:00.000Z', memberCount: 2 }]]),
    };
    let board = initialNotificationState(notificationSubjects(none));
    const step = (view: NotificationSource) => [
      ...(board = nextNotificationState(board, notificationSubjects(view), isHidden)).shown.keys(),
    ];
    expect(step(asked)).toEqual(['request a', 'invitation g']);
    expect(step(none)).toEqual([]);
    expect(step(asked)).toEqual(['request a', 'invitation g']);
    expect(step({ ...asked, blocks: new Map([['a', 'blocked']]) })).toEqual(['invitation g']);
  });

  it('keeps a notice when somebody who is muted says more, and makes none of it', () => {
    const talk: Talk = { said: [saidAt(1, false)], readSeq: 0, notices: 'all' };
    const by = (authorId: string, seq: number, heard: readonly number[]): NotificationSource => {
      const summary = summaryOf('a', { ...talk, said: Array.from({ length: seq }, (_, at) => saidAt(at + 1, false)) });
      const last = { ...lineOf(seq), authorId };
      return {
        ...viewOf(new Map()),
        blocks: new Map([['muted', 'muted']]),
        conversations: new Map([['a', { ...summary, last, arrivals: heard.map(lineOf) }]]),
      };
    };
    const isHidden = { isVisible: false, isOpen: () => false };
    const begun = initialNotificationState([]);
    expect(nextNotificationState(begun, notificationSubjects(by('muted', 1, [])), isHidden).shown.size).toBe(0);
    const shown = nextNotificationState(begun, notificationSubjects(by('other', 1, [1])), isHidden);
    const after = nextNotificationState(shown, notificationSubjects(by('muted', 2, [1])), isHidden);
    expect(after.shown.get('a')).toBe(shown.shown.get('a'));
  });
});

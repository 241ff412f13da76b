import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import type { TimelineView } from '@cloudhop/sdk';
import { Attention, ClientStore, PageTitle } from '@cloudhop/web/state';
import { injectReading } from './reading';

/** Reads a log whose newest messages, up to `headSeq`, were deleted. Returns the seqs marked as read. */
function read(headSeq: number, isAtBottom: boolean): number[] {
  const marked: number[] = [];
  const view = signal({
    conversation: { id: 'c', kind: 'direct', seq: headSeq, floorSeq: 0 },
    entries: [],
    headSeq,
    readSeq: 0,
    unread: headSeq,
  } as unknown as TimelineView);
  TestBed.configureTestingModule({
    providers: [
      {
        provide: ClientStore,
        useValue: {
          connection: signal({ phase: 'live', attempts: 0 }),
          blocks: signal(new Map()),
          act: { markRead: (_: string, seq: number) => marked.push(seq) },
        },
      },
      { provide: Attention, useValue: { isHere: signal(true) } },
      { provide: PageTitle, useValue: { showUnread: () => undefined } },
    ],
  });
  TestBed.runInInjectionContext(() => injectReading(view, () => isAtBottom));
  TestBed.tick();
  return marked;
}

test('whoever is at the newest end has read up to it, though everything there was deleted', () => {
  expect(read(2, true)).toEqual([2]);
});

test('whoever is further up has not', () => {
  expect(read(2, false)).toEqual([]);
});

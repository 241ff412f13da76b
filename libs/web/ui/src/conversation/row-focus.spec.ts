import { signal } from '@angular/core';
import { RowFocus, logStepOf } from './row-focus';
import type { TimelineRow } from './rows';

const row = (key: string, kind = 'message') => ({ kind, key }) as TimelineRow;
const rows = signal<readonly TimelineRow[]>([row('day', 'day'), row('a'), row('b'), row('new', 'new'), row('c')]);
const aFocus = () => new RowFocus({ rows, keeper: () => undefined });

describe('RowFocus', () => {
  it('comes to the newest message, or stays on the one in use while it is there', () => {
    const focus = aFocus();
    expect(focus.reachable()).toBe('c');
    focus.use('a');
    expect(focus.reachable()).toBe('a');
    focus.use('gone');
    expect(focus.reachable()).toBe('c');
  });

  it('goes to the message after one that vanishes, or before the last', () => {
    const focus = aFocus();
    expect(focus.neighbourOf('a')).toBe('b');
    expect(focus.neighbourOf('b')).toBe('c');
    expect(focus.neighbourOf('c')).toBe('b');
  });
});

describe('logStepOf', () => {
  it('knows which keys go how far', () => {
    expect(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].map(logStepOf)).toEqual([-1, 1, -8, 8]);
    expect(logStepOf('a')).toBeUndefined();
  });
});

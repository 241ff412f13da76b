import { signal } from '@angular/core';
import { RowFocus, logStepOf } from './row-focus';
import type { TimelineRow } from './rows';

const row = (key: string, kind = 'message') => ({ kind, key }) as TimelineRow;
const rows = signal<readonly TimelineRow[]>([row('day', 'day'), row('a'), row('b'), row('new', 'new'), row('c')]);
const aFocus = () => new RowFocus({ rows, keeper: () => undefined });

describe('RowFocus', () => {
  it('starts at the newest message, and stays on the active one while that exists', () => {
    const focus = aFocus();
    expect(focus.reachable()).toBe('c');
    focus.use('a');
    expect(focus.reachable()).toBe('a');
    focus.use('gone');
    expect(focus.reachable()).toBe('c');
  });

  it('moves to the message after a removed one, or before the last', () => {
    const focus = aFocus();
    expect(focus.neighbourOf('a')).toBe('b');
    expect(focus.neighbourOf('b')).toBe('c');
    expect(focus.neighbourOf('c')).toBe('b');
  });
});

describe('logStepOf', () => {
  it('returns the distance of each key', () => {
    expect(['ArrowUp', 'ArrowDown', 'PageUp', 'PageDown'].map(logStepOf)).toEqual([-1, 1, -8, 8]);
    expect(logStepOf('a')).toBeUndefined();
  });
});

import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { optimisticPatch } from './optimistic-patch';

interface Settings {
  a: boolean;
  b: string;
}

describe('optimisticPatch', () => {
  const told = signal<Settings>({ a: false, b: 'x' });
  const answer = () => {
    let settle = { done: () => undefined as void, fail: () => undefined as void };
    const asked = new Promise<void>((resolve, reject) => {
      settle = { done: resolve, fail: () => reject(new Error('refused')) };
    });
    return { ask: () => asked, ...settle };
  };
  const over = () => TestBed.runInInjectionContext(() => optimisticPatch(told));

  beforeEach(() => told.set({ a: false, b: 'x' }));

  it('shows what was chosen at once, and after that what the server says', async () => {
    const patch = over();
    const { ask, done } = answer();
    const made = patch.apply({ a: true }, ask);
    expect(patch.shown()).toEqual({ a: true, b: 'x' });
    told.set({ a: false, b: 'y' });
    expect(patch.shown()).toEqual({ a: true, b: 'y' });
    done();
    await made;
    expect(patch.shown().a).toBe(true);
    told.set({ a: true, b: 'y' });
    told.set({ a: false, b: 'y' });
    expect(patch.shown().a).toBe(false);
  });

  it('takes back what was refused, and nothing else', async () => {
    const patch = over();
    const [first, second] = [answer(), answer()];
    const made = patch.apply({ a: true }, first.ask);
    void patch.apply({ b: 'z' }, second.ask);
    first.fail();
    await expect(made).rejects.toThrow('refused');
    expect(patch.shown()).toEqual({ a: false, b: 'z' });
  });

  it('keeps the later choice when the earlier one is refused', async () => {
    const patch = over();
    const [first, second] = [answer(), answer()];
    const made = patch.apply({ b: 'y' }, first.ask);
    void patch.apply({ b: 'z' }, second.ask);
    first.fail();
    await expect(made).rejects.toThrow('refused');
    expect(patch.shown().b).toBe('z');
  });

  it('hears the server again once it has agreed, also where it says something else', async () => {
    const patch = over();
    const { ask, done } = answer();
    const made = patch.apply({ b: 'z ' }, ask);
    done();
    await made;
    told.set({ a: false, b: 'z' });
    expect(patch.shown().b).toBe('z');
  });
});

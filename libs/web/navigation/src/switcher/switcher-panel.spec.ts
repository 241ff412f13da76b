import { TestKey } from '@angular/cdk/testing';
import { TestbedHarnessEnvironment } from '@angular/cdk/testing/testbed';
import { signal } from '@angular/core';
import { TestBed } from '@angular/core/testing';
import { Router } from '@angular/router';
import { jest } from '@jest/globals';
import { TranslocoService } from '@jsverse/transloco';
import { ClientStore } from '@cloudhop/web/state';
import { EMPTY } from 'rxjs';
import { SearchOverlay } from '../search-overlay';
import { SwitcherPanelHarness } from '../testing/switcher-panel-harness';
import { SwitcherPanel } from './switcher-panel';

/** Opens the switcher of a user with one group and one friend. Translations are their keys. */
async function aSwitcher() {
  const navigate = jest.fn(() => Promise.resolve(true));
  const openDirect = jest.fn(() => Promise.resolve('direct with mei'));
  const group = { conversation: { id: 'g', kind: 'group', title: 'Hikers' }, isArchived: false };
  const mei = { id: 'mei', displayName: 'Mei', username: 'mei', kind: 'member' };
  TestBed.configureTestingModule({
    providers: [
      {
        provide: ClientStore,
        useValue: {
          me: signal({ id: 'me', displayName: 'Ada', username: 'ada', kind: 'member' }),
          lobbyId: signal(undefined),
          users: signal(new Map([['mei', mei]])),
          friends: signal(new Map([['mei', { userId: 'mei', state: 'friend' }]])),
          conversations: signal(new Map([['g', group]])),
          statuses: signal(new Map()),
          act: { openDirect },
        },
      },
      { provide: Router, useValue: { navigate } },
      {
        provide: TranslocoService,
        useValue: { getActiveLang: () => 'en', langChanges$: EMPTY, translate: (key: string) => key },
      },
    ],
  });
  const fixture = TestBed.createComponent(SwitcherPanel);
  const gone = jest.fn();
  fixture.componentInstance.gone.subscribe(gone);
  const switcher = await TestbedHarnessEnvironment.harnessForFixture(fixture, SwitcherPanelHarness);
  return { switcher, navigate, openDirect, gone };
}

describe('SwitcherPanel', () => {
  // jsdom has no layout, so nothing to scroll.
  beforeAll(() => (Element.prototype.scrollIntoView = () => undefined));

  it('lists conversations and friends before the pages, and narrows them by what is typed', async () => {
    const { switcher } = await aSwitcher();
    expect((await switcher.items()).slice(0, 4)).toEqual(['Hikers', 'Mei', 'chats.saved', 'lobby.title']);
    await switcher.type('hik');
    expect(await switcher.items()).toEqual(['Hikers', 'switcher.find', 'search.forText']);
  });

  it('moves through the list by arrow keys, around both ends, and begins anew with every letter', async () => {
    const { switcher } = await aSwitcher();
    const items = await switcher.items();
    await switcher.press(TestKey.DOWN_ARROW);
    expect(await switcher.activeItem()).toBe(items[1]);
    await switcher.press(TestKey.UP_ARROW);
    await switcher.press(TestKey.UP_ARROW);
    expect(await switcher.activeItem()).toBe(items.at(-1));
    await switcher.press(TestKey.DOWN_ARROW);
    expect(await switcher.activeItem()).toBe(items[0]);
    await switcher.press(TestKey.DOWN_ARROW);
    await switcher.type('me');
    expect(await switcher.activeItem()).toBe('Mei');
  });

  it('opens by Enter what is active, and closes', async () => {
    const { switcher, navigate, gone } = await aSwitcher();
    await switcher.press(TestKey.ENTER);
    expect(navigate).toHaveBeenCalledWith(['/chats', 'g']);
    expect(gone).toHaveBeenCalledTimes(1);
  });

  it('creates the conversation with a friend who has none yet', async () => {
    const { switcher, openDirect, navigate } = await aSwitcher();
    await switcher.click('Mei');
    expect(openDirect).toHaveBeenCalledWith('mei');
    expect(navigate).toHaveBeenCalledWith(['/chats', 'direct with mei']);
  });

  it('hands what was typed to the search', async () => {
    const { switcher, navigate } = await aSwitcher();
    await switcher.type('the old map');
    await switcher.click('search.forText');
    expect(TestBed.inject(SearchOverlay).request()).toEqual({ text: 'the old map' });
    expect(navigate).not.toHaveBeenCalled();
  });
});

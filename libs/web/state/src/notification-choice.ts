import { DOCUMENT, DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { Attention } from './attention';
import { onPreferenceChange, readPreference, writePreference } from './preferences';

/** What the browser lets this page do; `none` where it has no notices of pages at all. */
export type NotificationAccess = 'none' | NotificationPermission;

/** Whether this device tells what comes while the page is hidden, and by sound. The same in all of its tabs. */
@Injectable({ providedIn: 'root' })
export class NotificationChoice {
  readonly #view = inject(DOCUMENT).defaultView;
  readonly #isWanted = signal(readPreference('notices') === 'on');
  readonly #hasSound = signal(readPreference('noticeSound') === 'on');
  readonly #permission = signal(this.#read());
  /** Constructing one failed: some phones have the name and nothing behind it. */
  readonly #isBroken = signal(false);
  readonly #wasAsked = signal(false);
  /** Whether the person was asked just now; they may have answered nothing. */
  readonly wasAsked = this.#wasAsked.asReadonly();
  readonly hasSound = this.#hasSound.asReadonly();
  readonly permission = computed((): NotificationAccess => (this.#isBroken() ? 'none' : this.#permission()));
  readonly isOn = computed(() => this.#isWanted() && this.permission() === 'granted');

  constructor() {
    const attention = inject(Attention);
    // Whoever comes back may have changed it in the browser's own settings.
    effect(() => {
      attention.isHere();
      untracked(() => this.#permission.set(this.#read()));
    });
    const stop = onPreferenceChange(() => {
      this.#isWanted.set(readPreference('notices') === 'on');
      this.#hasSound.set(readPreference('noticeSound') === 'on');
    });
    inject(DestroyRef).onDestroy(stop);
  }

  /** Asks the browser where it was not asked before; call it from a click. */
  async turnOn(): Promise<void> {
    if (this.#read() === 'default') await this.#view?.Notification.requestPermission().catch(() => undefined);
    this.#wasAsked.set(true);
    this.#permission.set(this.#read());
    this.#want(this.#permission() === 'granted');
  }

  turnOff(): void {
    this.#want(false);
  }

  setSound(hasSound: boolean): void {
    this.#hasSound.set(hasSound);
    writePreference('noticeSound', hasSound ? 'on' : undefined);
  }

  /** It turned out that the browser has none. */
  giveUp(): void {
    this.#isBroken.set(true);
    this.#want(false);
  }

  #want(isWanted: boolean): void {
    this.#isWanted.set(isWanted);
    writePreference('notices', isWanted ? 'on' : undefined);
  }

  #read(): NotificationAccess {
    const view = this.#view;
    try {
      return view && 'Notification' in view && view.isSecureContext ? view.Notification.permission : 'none';
    } catch {
      // Some browsers refuse a page that is only looking.
      return 'none';
    }
  }
}

import { DOCUMENT, DestroyRef, Injectable, computed, effect, inject, signal, untracked } from '@angular/core';
import { Attention } from './attention';
import { onPreferenceChange, readPreference, writePreference } from './preferences';

/** Permission of the browser for notifications; `none` if it doesn't support them. */
export type NotificationSupport = 'none' | NotificationPermission;

/** Setting of this device for notifications of a hidden page and for sound. Shared by all of its tabs. */
@Injectable({ providedIn: 'root' })
export class NotificationPreference {
  readonly #view = inject(DOCUMENT).defaultView;
  readonly #isWanted = signal(readPreference('notices') === 'on');
  readonly #hasSound = signal(readPreference('noticeSound') === 'on');
  readonly #permission = signal(this.#read());
  /** True after constructing a notification failed: some phones have the API without an implementation. */
  readonly #isBroken = signal(false);
  readonly #wasAsked = signal(false);
  /** True after the user was asked just now, with or without an answer. */
  readonly wasAsked = this.#wasAsked.asReadonly();
  readonly hasSound = this.#hasSound.asReadonly();
  readonly permission = computed((): NotificationSupport => (this.#isBroken() ? 'none' : this.#permission()));
  readonly isOn = computed(() => this.#isWanted() && this.permission() === 'granted');

  constructor() {
    const attention = inject(Attention);
    // The user may have changed the permission in the browser's settings meanwhile.
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

  /** Requests the permission if it is undecided; call it from a click. */
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

  /** Records that this browser can't show notifications. */
  giveUp(): void {
    this.#isBroken.set(true);
    this.#want(false);
  }

  #want(isWanted: boolean): void {
    this.#isWanted.set(isWanted);
    writePreference('notices', isWanted ? 'on' : undefined);
  }

  #read(): NotificationSupport {
    const view = this.#view;
    try {
      return view && 'Notification' in view && view.isSecureContext ? view.Notification.permission : 'none';
    } catch {
      // Some browsers throw on a mere read.
      return 'none';
    }
  }
}

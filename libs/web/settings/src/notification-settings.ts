import { ChangeDetectionStrategy, Component, computed, inject } from '@angular/core';
import { playNotificationSound } from '@cloudhop/web/notifications/level';
import { NotificationPreference } from '@cloudhop/web/state';
import { injectTranslate } from '@cloudhop/web/ui';
import { Switch } from '@cloudhop/web/ui/form';

/** Duration of the sample notification, in milliseconds. */
const sampleMs = 5_000;

/** Settings of this device for browser notifications and sound while the page is hidden. */
@Component({
  selector: 'ch-notification-settings',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Switch],
  template: `
    <h2>{{ t('notices.device.title') }}</h2>
    <p>{{ t('notices.device.text') }}</p>
    @if (choice.permission() !== 'none' && choice.permission() !== 'denied') {
      <ch-switch
        [isOn]="choice.isOn()"
        [label]="t('notices.device.show')"
        [hint]="t('notices.device.showHint')"
        (toggled)="toggle($event)"
      />
    }
    <p role="status" class="said">{{ said() }}</p>
    @if (hasAudio) {
      <ch-switch
        [isOn]="choice.hasSound()"
        [label]="t('notices.device.sound')"
        [hint]="t('notices.device.soundHint')"
        (toggled)="setSound($event)"
      />
    }
  `,
  styles: `
    :host {
      display: grid;
      gap: 10px;
    }
    h2 {
      font-size: 1.05em;
      font-weight: 800;
    }
    p {
      color: var(--muted);
      font-size: 0.93em;
    }
    ch-switch {
      margin: 0 -12px;
    }
    .said {
      color: var(--text);
      font-weight: 700;
    }
    .said:empty {
      display: none;
    }
  `,
})
export class NotificationSettings {
  protected readonly choice = inject(NotificationPreference);
  protected readonly t = injectTranslate();
  protected readonly hasAudio = 'AudioContext' in globalThis;
  protected readonly said = computed(() => {
    const permission = this.choice.permission();
    if (permission === 'none' || permission === 'denied') return this.t(`notices.device.${permission}`);
    return permission === 'default' && this.choice.wasAsked() ? this.t('notices.device.undecided') : '';
  });

  protected async toggle(isOn: boolean): Promise<void> {
    if (!isOn) return this.choice.turnOff();
    await this.choice.turnOn();
    if (this.choice.isOn()) this.#showSample();
  }

  protected setSound(hasSound: boolean): void {
    this.choice.setSound(hasSound);
    if (hasSound) void playNotificationSound();
  }

  /** Shows a sample. Some browsers grant the permission without supporting notifications, which shows here. */
  #showSample(): void {
    try {
      const sample = new Notification('Cloudhop', {
        body: this.t('notices.device.sample'),
        tag: 'sample',
        icon: 'icons/icon-192.png',
        silent: true,
      });
      setTimeout(() => sample.close(), sampleMs);
    } catch {
      this.choice.giveUp();
    }
  }
}

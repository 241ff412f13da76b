import { ChangeDetectionStrategy, Component, computed, effect, inject } from '@angular/core';
import type { Degradation, StatusNode } from '@cloudhop/contracts';
import { ClientStore, Language, PageTitle } from '@cloudhop/web/state';
import { Button, EmptyState, Icon, Mascot, injectTranslate, type MascotPose } from '@cloudhop/web/ui';
import { injectServerStatus } from './inject-server-status';

/** Screen of the service's status: for people, with or without a session. */
@Component({
  selector: 'ch-status-page',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, EmptyState, Icon, Mascot],
  templateUrl: './status-page.html',
  styleUrl: './status-page.css',
})
export class StatusPage {
  protected readonly t = injectTranslate();
  readonly #language = inject(Language);
  readonly #title = inject(PageTitle);
  readonly #connection = inject(ClientStore).connection;
  readonly #view = injectServerStatus();
  protected readonly status = this.#view.status;
  protected readonly refresh = this.#view.refresh;
  protected readonly pose = computed((): MascotPose => {
    if (this.#view.failure()) return 'offline';
    return this.status()?.degraded.length ? 'waiting' : 'found';
  });
  /** True before there is anything to show. */
  protected readonly isLoading = computed(() => !this.status() && !this.#view.failure());
  /** Reason why there is nothing to show. */
  protected readonly problem = computed(() => {
    const failure = this.#view.failure();
    if (!failure || this.status()) return undefined;
    return this.t(failure === 'no_answer' ? 'state.unreachableText' : `errors.${failure}`);
  });
  /** One sentence for all of it. Empty before there is anything to say. */
  protected readonly sentence = computed(() => {
    const status = this.status();
    if (!status) return '';
    if (this.#view.failure()) return this.t('status.old', { time: this.#language.dates().time(status.now) });
    if (status.degraded.length === 0) return this.t('status.well');
    const names = status.degraded.map(({ code }) => this.#known(`status.names.${code}`) ?? code);
    return this.t('status.limited', { what: this.#language.lists().format(names) });
  });
  protected readonly people = computed(() => {
    const { online = 0, isAtLeast } = this.status()?.people ?? {};
    const count = this.count(online);
    return isAtLeast ? this.t('status.atLeast', { count }) : count;
  });
  /** Why there is no server and no round trip to show. */
  protected readonly phaseText = computed(() => {
    const { phase, fatal } = this.#connection();
    if (phase === 'live') return undefined;
    return this.t(fatal || phase === 'offline' ? 'status.browser.none' : 'connection.connecting');
  });
  protected readonly heldBy = computed(() => this.#view.ping()?.node);
  protected readonly roundTrip = computed(() => {
    const ping = this.#view.ping();
    return ping && this.t('status.browser.ms', { count: this.count(Math.max(1, Math.round(ping.roundTripMs))) });
  });

  constructor() {
    effect(() => this.#title.showPlace(this.t('status.title')));
  }

  protected count(count: number): string {
    return this.#language.numbers().format(count);
  }

  protected serversTitle(nodes: readonly StatusNode[]): string {
    return this.t('status.servers.' + (nodes.length === 1 ? 'one' : 'other'), { count: nodes.length });
  }

  protected since({ startedAt }: StatusNode): string {
    return this.t('status.since', { time: this.#language.dates().fullTime(startedAt) });
  }

  /** Returns the text of a condition; a newer server may know one for which this page has none. */
  protected textOf({ code, sentence }: Degradation): string {
    return this.#known(`status.degraded.${code}`) ?? sentence;
  }

  protected causeOf({ reason }: Degradation): string | undefined {
    return reason && this.#known(`status.causes.${reason}`);
  }

  /** Returns the text of a key, if the dictionary has it. */
  #known(key: string): string | undefined {
    const text = this.t(key);
    return text === key ? undefined : text;
  }
}

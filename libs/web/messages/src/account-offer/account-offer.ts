import { ChangeDetectionStrategy, Component, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { Button, Icon, IconButton, Mascot, injectTranslate } from '@cloudhop/web/ui';
import { AccountOffers } from './account-offers';

/** Offer of an account to a guest, shown above the composer until it is declined. */
@Component({
  selector: 'ch-account-offer',
  changeDetection: ChangeDetectionStrategy.OnPush,
  imports: [Button, Icon, IconButton, Mascot, RouterLink],
  template: `
    @if (offers.isDue()) {
      <section [attr.aria-label]="t('offer.title')">
        <ch-mascot pose="welcome" />
        <div>
          <h2>{{ t('offer.title') }}</h2>
          <p>{{ t('offer.text') }}</p>
        </div>
        <a chButton routerLink="/settings" fragment="account">{{ t('offer.go') }}</a>
        <button chIconButton type="button" [attr.aria-label]="t('offer.later')" (click)="offers.decline()">
          <ch-icon name="close" />
        </button>
      </section>
    }
  `,
  styles: `
    section {
      --mascot: 52px;
      --icon: 20px;
      display: flex;
      flex-wrap: wrap;
      align-items: center;
      gap: 6px 12px;
      width: calc(100% - 20px);
      max-width: var(--column);
      margin: 0 auto 8px;
      padding: 8px 8px 8px 16px;
      border: 1px solid var(--line);
      border-radius: var(--radius-card);
      background: var(--surface);
      box-shadow: var(--shadow);
    }
    div {
      flex: 1 1 220px;
      min-width: 0;
    }
    h2 {
      font-size: 1em;
      font-weight: 800;
    }
    p {
      color: var(--muted);
      font-size: 0.87em;
      line-height: 1.4;
      text-wrap: pretty;
    }
    a {
      flex: none;
    }
    @media (max-width: 719px) {
      section {
        --mascot: 40px;
        flex-wrap: wrap;
        gap: 4px 10px;
        padding: 8px 8px 10px 12px;
      }
      div {
        flex-basis: calc(100% - 120px);
      }
      a {
        order: 4;
        width: 100%;
      }
      p {
        text-wrap: initial;
      }
    }
  `,
})
export class AccountOffer {
  protected readonly offers = inject(AccountOffers);
  protected readonly t = injectTranslate();
}

import { Injectable, signal } from '@angular/core';

/** Status message of the account section: it outlives the form it came from, which signing in removes. */
@Injectable()
export class AccountStatus {
  readonly text = signal('');
}

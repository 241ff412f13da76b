import { Injectable, signal } from '@angular/core';

/** What is said about the account: it outlives the form that it came from, which signing in takes away. */
@Injectable()
export class AccountNews {
  readonly text = signal('');
}

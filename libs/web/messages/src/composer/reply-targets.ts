import { Injectable } from '@angular/core';
import { SessionRecord } from './session-record';

/** Ids of the messages being replied to, by conversation. Kept as long as the unsent reply. */
@Injectable({ providedIn: 'root' })
export class ReplyTargets extends SessionRecord<string> {
  constructor() {
    super('cloudhop.replies', (value) => typeof value === 'string');
  }
}

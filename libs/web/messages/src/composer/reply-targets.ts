import { Injectable } from '@angular/core';
import { SessionRecord } from './session-record';

/** Which message one is about to answer, by conversation: as long as what one types for it. */
@Injectable({ providedIn: 'root' })
export class ReplyTargets extends SessionRecord<string> {
  constructor() {
    super('cloudhop.replies', (value) => typeof value === 'string');
  }
}

import { Injectable } from '@angular/core';
import { SessionRecord } from './session-record';

/** A message that is being changed, by its line's key, and what it will say. */
export interface EditUnderWay {
  key: string;
  body: string;
}

/** Which message one is changing, by conversation. It is no draft: other devices have nothing to do with it. */
@Injectable({ providedIn: 'root' })
export class EditsUnderWay extends SessionRecord<EditUnderWay> {
  constructor() {
    super('cloudhop.edits', isEdit);
  }
}

function isEdit(value: unknown): value is EditUnderWay {
  const { key, body } = (value ?? {}) as Partial<EditUnderWay>;
  return typeof key === 'string' && typeof body === 'string';
}

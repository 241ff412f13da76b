import { Injectable } from '@angular/core';
import { SessionRecord } from './session-record';

/** A message that is being changed, by its line's key, and what it will say. */
export interface PendingEdit {
  key: string;
  body: string;
}

/** Which message one is changing, by conversation. It is no draft: other devices have nothing to do with it. */
@Injectable({ providedIn: 'root' })
export class PendingEdits extends SessionRecord<PendingEdit> {
  constructor() {
    super('cloudhop.edits', isEdit);
  }
}

function isEdit(value: unknown): value is PendingEdit {
  const { key, body } = (value ?? {}) as Partial<PendingEdit>;
  return typeof key === 'string' && typeof body === 'string';
}

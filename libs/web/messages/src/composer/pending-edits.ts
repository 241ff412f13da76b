import { Injectable } from '@angular/core';
import { SessionRecord } from './session-record';

/** Unsent edit of a message: its row key and new text. */
export interface PendingEdit {
  key: string;
  body: string;
}

/** Unsent edits by conversation. Kept on this device only, unlike drafts. */
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

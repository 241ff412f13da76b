import type { Sending } from '@cloudhop/contracts';
import type { Unstamped } from '../core/events';

/** The verbs that become one event of the core, and nothing else. */
export abstract class Verbs {
  protected abstract happen(event: Unstamped): void;
  /** A UUIDv7 above those before. */
  protected abstract nextId(): string;

  send(conversationId: string, body: string, more: Sending = {}): string {
    const id = this.nextId();
    this.happen({ type: 'send', conversationId, id, body, ...more });
    return id;
  }

  edit(conversationId: string, messageId: string, body: string): void {
    this.happen({ type: 'edit', conversationId, messageId, entryId: this.nextId(), body });
  }

  remove(conversationId: string, messageId: string): void {
    this.happen({ type: 'remove', conversationId, messageId, entryId: this.nextId() });
  }

  undoRemove(entryId: string): void {
    this.happen({ type: 'undoRemove', entryId });
  }

  react(conversationId: string, messageId: string, emoji: string, on: boolean): void {
    this.happen({ type: 'react', conversationId, messageId, entryId: this.nextId(), emoji, on });
  }

  retry(entryId: string): void {
    this.happen({ type: 'retry', entryId });
  }

  discard(entryId: string): void {
    this.happen({ type: 'discard', entryId });
  }

  loadBefore(conversationId: string): void {
    this.happen({ type: 'loadBefore', conversationId });
  }

  loadAfter(conversationId: string): void {
    this.happen({ type: 'loadAfter', conversationId });
  }

  jumpTo(conversationId: string, seq: number): void {
    this.happen({ type: 'jumpTo', conversationId, seq });
  }

  jumpToLatest(conversationId: string): void {
    this.happen({ type: 'jumpToLatest', conversationId });
  }

  markRead(conversationId: string, seq: number): void {
    this.happen({ type: 'markRead', conversationId, seq });
  }

  setHidden(isHidden: boolean): void {
    this.happen({ type: 'setHidden', isHidden });
  }

  setIdle(isIdle: boolean): void {
    this.happen({ type: 'setIdle', isIdle });
  }

  setTyping(conversationId: string, isTyping: boolean): void {
    this.happen({ type: 'setTyping', conversationId, isTyping });
  }

  open(conversationId: string): void {
    this.happen({ type: 'open', conversationId });
  }

  close(conversationId: string): void {
    this.happen({ type: 'close', conversationId });
  }

  setDraft(conversationId: string, body: string): void {
    this.happen({ type: 'setDraft', conversationId, body });
  }
}

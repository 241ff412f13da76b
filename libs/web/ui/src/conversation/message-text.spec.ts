import { type ComponentFixture, TestBed } from '@angular/core/testing';
import { TranslocoService } from '@jsverse/transloco';
import { NEVER } from 'rxjs';
import { MessageText, type MentionOf } from './message-text';

const words = { getActiveLang: () => 'en', langChanges$: NEVER, translate: (key: string) => key };

function aMessage(text: string, mentionOf?: MentionOf) {
  TestBed.configureTestingModule({ providers: [{ provide: TranslocoService, useValue: words }] });
  const fixture = TestBed.createComponent(MessageText);
  fixture.componentRef.setInput('text', text);
  fixture.componentRef.setInput('mentionOf', mentionOf);
  fixture.detectChanges();
  return { fixture, host: fixture.nativeElement as HTMLElement };
}

/** Returns the first element that matches `selector`; waits while code is loading. */
async function found(fixture: ComponentFixture<unknown>, selector: string): Promise<HTMLElement> {
  for (let round = 0; round < 200; round++) {
    fixture.detectChanges();
    const element = (fixture.nativeElement as HTMLElement).querySelector<HTMLElement>(selector);
    if (element) return element;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error(`no ${selector}`);
}

describe('MessageText', () => {
  it('shows the source of markup until the renderer is loaded', async () => {
    const { fixture, host } = aMessage('**a** <b>');
    expect([host.textContent, host.querySelector('strong, b')]).toEqual(['**a** <b>', null]);
    expect((await found(fixture, 'strong')).textContent).toBe('a');
    expect(host.textContent).toBe('a <b>');
  });

  it('shows plain text at once', () => {
    const { host } = aMessage('a\n\n\n  b @momo');
    expect([host.textContent, host.querySelector('ch-marked-text')]).toEqual(['a\n\n\n  b @momo', null]);
  });

  it('makes mentions in plain text buttons', async () => {
    const momo = { userId: '7', name: 'Momo Lin', isMe: false };
    const { fixture } = aMessage('hi @momo', (key) => (key === 'momo' ? momo : undefined));
    expect((await found(fixture, 'button.mention')).dataset['author']).toBe('7');
  });

  it('changes focusability without a redraw', async () => {
    const { fixture } = aMessage('https://a.com');
    const link = await found(fixture, 'a');
    expect(link.tabIndex).toBe(-1);
    fixture.componentRef.setInput('isReachable', true);
    fixture.detectChanges();
    expect(await found(fixture, 'a')).toBe(link);
    expect(link.tabIndex).toBe(0);
  });

  it('redraws another text, which is not focusable unless requested', async () => {
    const { fixture } = aMessage('*a*');
    await found(fixture, 'em');
    fixture.componentRef.setInput('text', 'https://b.com');
    expect((await found(fixture, 'a')).tabIndex).toBe(-1);
  });

  it('changes back to plain text', async () => {
    const { fixture, host } = aMessage('*a*');
    await found(fixture, 'em');
    fixture.componentRef.setInput('text', 'b');
    await found(fixture, 'span');
    expect([host.textContent, host.querySelector('ch-marked-text')]).toEqual(['b', null]);
  });

  it('emits the code of a block whose button is pressed, highlighted or not', async () => {
    const { fixture } = aMessage('```ts\nconst a = 1;\n```');
    const copied: string[] = [];
    fixture.componentInstance.copyAsked.subscribe((code) => copied.push(code));
    (await found(fixture, '[data-copy]')).click();
    await found(fixture, '.code-keyword');
    (await found(fixture, '[data-copy]')).click();
    expect(copied).toEqual(['const a = 1;', 'const a = 1;']);
  });

  it('draws one to six emoji larger', () => {
    expect(aMessage('🌷🌷').host.classList).toContain('large');
  });
});
